import { EntityManager } from '@mikro-orm/postgresql';
import { Inject, Injectable } from '@nestjs/common';
import { NotFound } from '@tributary/failures';
import { CLOCK, type Clock } from '@tributary/service-kit';
import { v7 as uuidV7 } from 'uuid';
import { AuditTrail } from '../audit/audit-trail.ts';
import { ConnectionTable } from '../connection/connection.entity.ts';
import { PersonTable, WorkspaceTable, type Person } from '../person/person.entity.ts';
import { Tickets } from '../sign-in/tickets.ts';

const issuer = 'tributary:operator';

/** Who reaches the operator's socket works on this machine as this service does; the command line signs in through it. */
@Injectable()
export class OperatorSignIn {
  constructor(
    private readonly em: EntityManager,
    private readonly tickets: Tickets,
    private readonly audit: AuditTrail,
    @Inject(CLOCK) private readonly now: Clock,
  ) {}

  /**
   * A ticket of 60 seconds, for one session. Written into the audit log of the workspace.
   * @param as username at Salesforce, e-mail address or id of a person; without it the operator's own person, who sees what is shared and what they connected
   * @throws NotFound `PERSON_UNKNOWN` also when several people answer to it
   */
  async execute(as?: string): Promise<{ ticket: string; name: string }> {
    return this.em.fork().transactional(async (em) => {
      await em.execute("select pg_advisory_xact_lock(hashtext('operator-sign-in'))");
      const person = await this.#person(em, as);
      await this.audit.addOfPeople(em, person.workspaceId, { kind: 'operator-signed-in', text: `The operator of this installation signed in by command line${as === undefined ? '' : ` as ${person.name}`}.`, personId: person.id });
      return { ticket: await this.tickets.issue(em, { personId: person.id, connectionId: null, authenticatedAt: this.now() }), name: person.name };
    });
  }

  /** Who an operation is done for, as in `execute`. @throws NotFound `PERSON_UNKNOWN` */
  async personOf(as?: string): Promise<Person> {
    return this.em.fork().transactional(async (em) => {
      await em.execute("select pg_advisory_xact_lock(hashtext('operator-sign-in'))");
      return this.#person(em, as);
    });
  }

  async #person(em: EntityManager, as: string | undefined): Promise<Person> {
    return as === undefined ? this.#operator(em) : this.#named(em, as);
  }

  async #named(em: EntityManager, as: string): Promise<Person> {
    const byConnection = (await em.find(ConnectionTable, { username: as })).map(({ personId }) => personId);
    const isId = /^[0-9a-f-]{36}$/i.test(as);
    const found = await em.find(PersonTable, { disabledAt: null, $or: [{ email: as }, { id: { $in: byConnection } }, ...(isId ? [{ id: as }] : [])] });
    const [person] = found;
    if (person === undefined || found.length > 1) throw new NotFound('PERSON_UNKNOWN', found.length > 1 ? `Several people answer to ${as}.` : `Nobody here answers to ${as}.`, { action: 'Name the username at Salesforce, the e-mail address, or the id of a person.' });
    return person;
  }

  /** In the only workspace there is; else in one of their own, so that no customer's workspace has a foreign owner. */
  async #operator(em: EntityManager): Promise<Person> {
    const known = await em.findOne(PersonTable, { issuer, subject: 'operator' });
    if (known !== null) return known;
    const workspaces = await em.find(WorkspaceTable, {}, { limit: 2 });
    const [only] = workspaces;
    const at = this.now();
    const workspaceId = only !== undefined && workspaces.length === 1 ? only.id : em.create(WorkspaceTable, { id: uuidV7(), orgId: null, name: 'Command line', createdAt: at }).id;
    await em.flush();
    const person = em.create(PersonTable, { id: uuidV7(), workspaceId, issuer, subject: 'operator', orgId: null, userId: null, name: 'Operator', email: null, role: 'owner', createdAt: at, lastSignInAt: at });
    await em.flush();
    return person;
  }
}
