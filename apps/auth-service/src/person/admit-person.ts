import type { EntityManager } from '@mikro-orm/postgresql';
import { Inject, Injectable } from '@nestjs/common';
import type { Identity } from '@tributary/salesforce-client';
import { CLOCK, type Clock } from '@tributary/service-kit';
import { v7 as uuidV7 } from 'uuid';
import { PersonTable, WorkspaceTable, type Person } from './person.entity.ts';

/** Finds or makes the person behind a Salesforce identity. */
@Injectable()
export class AdmitPerson {
  constructor(@Inject(CLOCK) private readonly now: Clock) {}

  /**
   * The caller holds the lock of this identity. Somebody who is signed in and adds a login of another org stays themselves, unless that login
   * is a person of its own already.
   * @param signedInId person of the session in which the consent was started and finished
   * @param workspaceName name of a workspace that is made for a new org
   */
  async execute(em: EntityManager, identity: Identity, signedInId: string | undefined, workspaceName: string): Promise<Person> {
    const known = await em.findOne(PersonTable, { orgId: identity.orgId, userId: identity.userId });
    if (known !== null) return this.#welcomeBack(em, known, identity);
    const signedIn = signedInId === undefined ? null : await em.findOne(PersonTable, { id: signedInId });
    if (signedIn !== null && signedIn.orgId !== identity.orgId) return signedIn;
    return this.#admit(em, identity, workspaceName);
  }

  async #welcomeBack(em: EntityManager, person: Person, identity: Identity): Promise<Person> {
    person.name = identity.displayName;
    person.email = identity.email;
    person.lastSignInAt = this.now();
    await em.flush();
    return person;
  }

  async #admit(em: EntityManager, identity: Identity, workspaceName: string): Promise<Person> {
    const at = this.now();
    const made = await em.execute<{ id: string }[]>(
      'insert into workspace (id, org_id, name, created_at) values (?, ?, ?, ?) on conflict (org_id) do nothing returning id', [uuidV7(), identity.orgId, workspaceName, at], 'all');
    const workspace = await em.findOneOrFail(WorkspaceTable, { orgId: identity.orgId });
    const person = em.create(PersonTable, {
      id: uuidV7(), workspaceId: workspace.id, orgId: identity.orgId, userId: identity.userId, name: identity.displayName, email: identity.email,
      role: made.length > 0 ? 'owner' : 'analyst', createdAt: at, lastSignInAt: at,
    });
    await em.flush();
    return person;
  }
}
