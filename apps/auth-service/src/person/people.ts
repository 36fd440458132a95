import { EntityManager } from '@mikro-orm/postgresql';
import { Injectable } from '@nestjs/common';
import { Forbidden, Unauthenticated } from '@tributary/failures';
import { WorkspaceScope } from '@tributary/persistence';
import { may, type Action } from './may.ts';
import { PersonTable, type Person } from './person.entity.ts';

/** The way in for everything a person asks for: who they are, whether they may, and only their workspace in sight. */
@Injectable()
export class People {
  constructor(
    private readonly em: EntityManager,
    private readonly scope: WorkspaceScope,
  ) {}

  /**
   * Runs `work` in one transaction that sees only the person's workspace.
   * @throws Unauthenticated `PERSON_UNKNOWN`, `PERSON_DISABLED`; Forbidden `ROLE_INSUFFICIENT`
   */
  async as<T>(personId: string, action: Action, work: (em: EntityManager, person: Person) => Promise<T>): Promise<T> {
    const known = await this.em.fork().findOne(PersonTable, { id: personId }, { fields: ['workspaceId'] });
    if (known === null) throw unknown();
    return this.scope.run(known.workspaceId, async (em) => {
      const person = await em.findOne(PersonTable, { id: personId });
      if (person === null) throw unknown();
      if (person.disabledAt !== null && person.disabledAt !== undefined) throw new Unauthenticated('PERSON_DISABLED', 'An owner of the workspace has closed this access.', { action: 'Ask an owner of your workspace.' });
      requireMay(person, action);
      return work(em, person);
    });
  }

  /** Goes on in the workspace of somebody who was let in by `as`, also when they were shut out meanwhile: what they began is ended. */
  async within<T>(workspaceId: string, work: (em: EntityManager) => Promise<T>): Promise<T> {
    return this.scope.run(workspaceId, work);
  }
}

/** @throws Forbidden `ROLE_INSUFFICIENT` */
export function requireMay(person: Pick<Person, 'role'>, action: Action): void {
  if (!may(person.role, action)) throw new Forbidden('ROLE_INSUFFICIENT', `Your role in this workspace (${person.role}) does not allow this.`, { action: 'Ask an owner of your workspace.', details: { role: person.role, needed: action } });
}

function unknown(): Unauthenticated {
  return new Unauthenticated('PERSON_UNKNOWN', 'This person is not known here.', { action: 'Sign in again.' });
}
