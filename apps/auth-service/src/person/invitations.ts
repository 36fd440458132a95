import { randomBytes } from 'node:crypto';
import type { EntityManager } from '@mikro-orm/postgresql';
import { Inject, Injectable } from '@nestjs/common';
import type { Invitation, InvitationMade, InvitationRequest } from '@tributary/api-contracts';
import { NotFound } from '@tributary/failures';
import { CLOCK, type Clock } from '@tributary/service-kit';
import { v7 as uuidV7 } from 'uuid';
import { AuditTrail } from '../audit/audit-trail.ts';
import { CONFIG, type AuthConfig } from '../config.ts';
import { hashOf } from '../consent/browser-binding.ts';
import { ConsentFailure } from '../consent/consent-failure.ts';
import { InvitationTable, type InvitationRow } from './invitation.entity.ts';
import { People } from './people.ts';
import { PersonTable, type Person } from './person.entity.ts';

const lifeMs = 7 * 24 * 60 * 60_000;
/** Accepted and expired ones stay in the list this long. */
const shownAfterMs = 30 * 24 * 60 * 60_000;

/** Ways into a workspace, made by its owners. */
@Injectable()
export class Invitations {
  constructor(
    private readonly people: People,
    private readonly audit: AuditTrail,
    @Inject(CONFIG) private readonly config: Pick<AuthConfig, 'publicOrigin'>,
    @Inject(CLOCK) private readonly now: Clock,
  ) {}

  /** @throws Forbidden `ROLE_INSUFFICIENT` */
  async list(personId: string): Promise<Invitation[]> {
    return this.people.as(personId, 'manage-invitations', async (em) => {
      const rows = await em.find(InvitationTable, { createdAt: { $gt: new Date(this.now().getTime() - shownAfterMs) } }, { orderBy: { createdAt: 'desc', id: 'desc' }, limit: 200 });
      const names = new Map((await em.find(PersonTable, { id: { $in: rows.map(({ invitedBy }) => invitedBy) } })).map(({ id, name }) => [id, name]));
      return rows.map((row) => shown(row, names.get(row.invitedBy) ?? ''));
    });
  }

  /** The link holds 256 random bits in its fragment, which opening it sends nowhere, so that no log of addresses has it; it is shown this once. */
  async make(personId: string, { note, role }: InvitationRequest): Promise<InvitationMade> {
    return this.people.as(personId, 'manage-invitations', async (em, person) => {
      const token = randomBytes(32).toString('base64url');
      const at = this.now();
      const row = em.create(InvitationTable, { id: uuidV7(), workspaceId: person.workspaceId, tokenHash: hashOf(token), note, role, invitedBy: person.id, createdAt: at, expiresAt: new Date(at.getTime() + lifeMs) });
      await em.flush();
      await this.audit.addOfPeople(em, person.workspaceId, { kind: 'invited', text: `${person.name} invited somebody as ${role} (${note}).`, personId });
      return { invitation: shown(row, person.name), link: `${this.config.publicOrigin}/join#${token}` };
    });
  }

  /** @throws Forbidden `ROLE_INSUFFICIENT`; NotFound `INVITATION_NOT_FOUND` also for one that was accepted */
  async withdraw(personId: string, invitationId: string): Promise<void> {
    await this.people.as(personId, 'manage-invitations', async (em, person) => {
      const row = await em.findOne(InvitationTable, { id: invitationId, acceptedAt: null });
      if (row === null || (await em.nativeDelete(InvitationTable, { id: invitationId, acceptedAt: null })) === 0) throw new NotFound('INVITATION_NOT_FOUND', 'There is no such open invitation.');
      await this.audit.addOfPeople(em, person.workspaceId, { kind: 'invitation-withdrawn', text: `${person.name} withdrew an invitation (${row.note}).`, personId });
    });
  }

  /** The open invitation of a token; nobody is known yet, so this is the installation's own look-up. @throws ConsentFailure `INVITATION_INVALID` */
  async open(em: EntityManager, token: string): Promise<InvitationRow> {
    const row = await em.findOne(InvitationTable, { tokenHash: hashOf(token) });
    if (row === null || (row.acceptedAt ?? null) !== null || row.expiresAt <= this.now()) throw invalid();
    return row;
  }

  /** Uses an invitation up in the caller's transaction. @throws ConsentFailure `INVITATION_INVALID` when somebody else was first */
  async accept(em: EntityManager, { id, workspaceId, role, note }: InvitationRow, person: Pick<Person, 'id' | 'name'>): Promise<void> {
    const taken = await em.nativeUpdate(InvitationTable, { id, acceptedAt: null }, { acceptedAt: this.now(), acceptedBy: person.id });
    if (taken === 0) throw invalid();
    await this.audit.addOfPeople(em, workspaceId, { kind: 'joined', text: `${person.name} joined as ${role} by invitation (${note}).`, personId: person.id });
  }
}

function shown({ id, note, role, createdAt, expiresAt, acceptedAt }: InvitationRow, invitedBy: string): Invitation {
  return { id, note, role, invitedBy, createdAt: createdAt.toISOString(), expiresAt: expiresAt.toISOString(), acceptedAt: acceptedAt?.toISOString() ?? null };
}

function invalid(): ConsentFailure {
  return new ConsentFailure('INVITATION_INVALID', 'This invitation was used, withdrawn or has expired.');
}
