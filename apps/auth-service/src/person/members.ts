import type { EntityManager } from '@mikro-orm/postgresql';
import { Inject, Injectable } from '@nestjs/common';
import type { Member, MemberChange } from '@tributary/api-contracts';
import { Conflict, NotFound } from '@tributary/failures';
import { CLOCK, type Clock } from '@tributary/service-kit';
import { AuditTrail } from '../audit/audit-trail.ts';
import { CONFIG, type AuthConfig } from '../config.ts';
import { memberOf } from './member-view.ts';
import { People } from './people.ts';
import { PersonTable, type Person } from './person.entity.ts';

export interface MemberChangeRequest {
  readonly personId: string;
  readonly memberId: string;
  readonly change: MemberChange;
}

/** The people of a workspace, and what an owner changes about them. */
@Injectable()
export class Members {
  constructor(
    private readonly people: People,
    private readonly audit: AuditTrail,
    @Inject(CONFIG) private readonly config: Pick<AuthConfig, 'oidc'>,
    @Inject(CLOCK) private readonly now: Clock,
  ) {}

  /** Oldest first; everybody of a workspace sees who is in it. */
  async list(personId: string): Promise<Member[]> {
    return this.people.as(personId, 'read', async (em) => (await em.find(PersonTable, {}, { orderBy: { createdAt: 'asc', id: 'asc' } })).map((person) => this.#shown(person, personId)));
  }

  /** @throws Forbidden `ROLE_INSUFFICIENT`; NotFound `MEMBER_NOT_FOUND`; Conflict `LAST_OWNER` */
  async change({ personId, memberId, change }: MemberChangeRequest): Promise<Member> {
    return this.people.as(personId, 'manage-members', async (em) => {
      // Held in one order: two owners who demote each other at once must not both succeed.
      // Not for their keys: a sign-in under way refers to its person while it waits for the log.
      await em.execute('select id from person order by id for no key update', [], 'all');
      const everybody = await em.find(PersonTable, {}, { orderBy: { id: 'asc' }, refresh: true });
      const member = everybody.find(({ id }) => id === memberId);
      if (member === undefined) throw new NotFound('MEMBER_NOT_FOUND', 'There is no such member.');
      requireOwnerLeft(everybody, member, change);
      await this.#apply(em, member, change, personId);
      return this.#shown(member, personId);
    });
  }

  async #apply(em: EntityManager, member: Person, { role = member.role, disabled = isDisabled(member) }: MemberChange, personId: string): Promise<void> {
    const at = this.now();
    const tell = (kind: string, text: string): Promise<void> => this.audit.addOfPeople(em, member.workspaceId, { kind, text, personId });
    if (role !== member.role) await tell('member-role-changed', `The role of ${member.name} changed from ${member.role} to ${role}.`);
    if (disabled !== isDisabled(member)) await tell(disabled ? 'member-disabled' : 'member-enabled', `The access of ${member.name} was ${disabled ? 'closed' : 'opened again'}.`);
    if (role !== member.role || disabled !== isDisabled(member)) member.sessionsValidFrom = at;
    Object.assign(member, { role, disabledAt: disabled ? (member.disabledAt ?? at) : null });
    await em.flush();
  }

  #shown(person: Person, askingId: string): Member {
    return memberOf(person, askingId, this.config.oidc.providers);
  }
}

function isDisabled({ disabledAt }: Pick<Person, 'disabledAt'>): boolean {
  return disabledAt !== null && disabledAt !== undefined;
}

function requireOwnerLeft(everybody: readonly Person[], member: Person, { role = member.role, disabled = isDisabled(member) }: MemberChange): void {
  const owns = (person: Person): boolean => person.role === 'owner' && !isDisabled(person);
  if (!owns(member) || (role === 'owner' && !disabled)) return;
  if (everybody.filter(owns).length === 1) throw new Conflict('LAST_OWNER', 'A workspace keeps at least one owner.', { action: 'Make somebody else an owner first.' });
}
