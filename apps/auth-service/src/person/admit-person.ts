import type { EntityManager } from '@mikro-orm/postgresql';
import { Inject, Injectable } from '@nestjs/common';
import { CLOCK, type Clock } from '@tributary/service-kit';
import { v7 as uuidV7 } from 'uuid';
import { AuditTrail } from '../audit/audit-trail.ts';
import { ConsentFailure } from '../consent/consent-failure.ts';
import type { InvitationRow } from './invitation.entity.ts';
import { Invitations } from './invitations.ts';
import { PersonTable, WorkspaceTable, type Person } from './person.entity.ts';

/** Who a provider says has signed in. */
export interface ProvenIdentity {
  readonly issuer: string;
  readonly subject: string;
  readonly name: string;
  readonly email: string | null;
  /** For people of Salesforce. */
  readonly org?: { readonly orgId: string; readonly userId: string };
}

/** What may become of somebody who is not known yet. */
export interface Admission {
  /** Person of the session in which the sign-in was started and finished. */
  readonly signedInId: string | undefined;
  readonly invitation: string | undefined;
  /** Name of a workspace that is made for them; undefined when they may not have one of their own. */
  readonly ownWorkspace: string | undefined;
}

/** Finds or makes the person behind a proven identity. E-mail addresses are shown and never compared. */
@Injectable()
export class AdmitPerson {
  constructor(
    private readonly invitations: Invitations,
    private readonly audit: AuditTrail,
    @Inject(CLOCK) private readonly now: Clock,
  ) {}

  /**
   * The caller holds the lock of this identity. Somebody who is signed in and adds a login of another org stays themselves, unless that login
   * is a person of its own already.
   * @throws ConsentFailure `PERSON_DISABLED`, `INVITATION_INVALID`, `INVITATION_OTHER_WORKSPACE`, `NOT_INVITED`
   */
  async execute(em: EntityManager, identity: ProvenIdentity, { signedInId, invitation, ownWorkspace }: Admission): Promise<Person> {
    const known = await em.findOne(PersonTable, { issuer: identity.issuer, subject: identity.subject });
    const invited = invitation === undefined ? undefined : await this.invitations.open(em, invitation);
    if (known !== null) return this.#welcomeBack(em, known, identity, invited);
    if (invited !== undefined) return this.#join(em, identity, invited);
    const signedIn = signedInId === undefined || identity.org === undefined ? null : await em.findOne(PersonTable, { id: signedInId });
    if (signedIn !== null && signedIn.orgId !== identity.org?.orgId) return enabled(signedIn);
    if (ownWorkspace === undefined) throw new ConsentFailure('NOT_INVITED', 'Nobody has invited this person yet.');
    return this.#found(em, identity, ownWorkspace);
  }

  /** An invitation to the workspace somebody is in already stays open: their role is changed by an owner, not by a link. */
  async #welcomeBack(em: EntityManager, person: Person, identity: ProvenIdentity, invited: InvitationRow | undefined): Promise<Person> {
    enabled(person);
    if (invited !== undefined && invited.workspaceId !== person.workspaceId) throw new ConsentFailure('INVITATION_OTHER_WORKSPACE', 'This person belongs to another workspace already.');
    Object.assign(person, { name: identity.name, email: identity.email, lastSignInAt: this.now() });
    await em.flush();
    return person;
  }

  async #join(em: EntityManager, identity: ProvenIdentity, invited: InvitationRow): Promise<Person> {
    const person = await this.#make(em, identity, invited.workspaceId, invited.role);
    await this.invitations.accept(em, invited, person);
    return person;
  }

  /** The first of a workspace owns it; further people of the same org come as analysts. */
  async #found(em: EntityManager, identity: ProvenIdentity, name: string): Promise<Person> {
    const orgId = identity.org?.orgId ?? null;
    const [made] = await em.execute<{ id: string }[]>(
      'insert into workspace (id, org_id, name, created_at) values (?, ?, ?, ?) on conflict (org_id) do nothing returning id', [uuidV7(), orgId, name, this.now()], 'all');
    const workspaceId = made?.id ?? (await em.findOneOrFail(WorkspaceTable, { orgId })).id;
    const person = await this.#make(em, identity, workspaceId, made === undefined ? 'analyst' : 'owner');
    await this.audit.addOfPeople(em, workspaceId, { kind: 'joined', text: `${person.name} joined as ${person.role}.`, personId: person.id });
    return person;
  }

  async #make(em: EntityManager, { issuer, subject, name, email, org }: ProvenIdentity, workspaceId: string, role: Person['role']): Promise<Person> {
    const at = this.now();
    const person = em.create(PersonTable, { id: uuidV7(), workspaceId, issuer, subject, orgId: org?.orgId ?? null, userId: org?.userId ?? null, name, email, role, createdAt: at, lastSignInAt: at });
    await em.flush();
    return person;
  }
}

function enabled(person: Person): Person {
  if ((person.disabledAt ?? null) !== null) throw new ConsentFailure('PERSON_DISABLED', 'An owner of the workspace has closed this access.');
  return person;
}
