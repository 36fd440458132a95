import { EntityManager } from '@mikro-orm/postgresql';
import { Inject, Injectable } from '@nestjs/common';
import type { InvitationPreview } from '@tributary/api-contracts';
import { NotFound } from '@tributary/failures';
import { CLOCK, type Clock } from '@tributary/service-kit';
import { InvitationTable } from './invitation.entity.ts';
import { PersonTable, WorkspaceTable } from './person.entity.ts';

@Injectable()
export class PreviewInvitation {
  constructor(
    private readonly em: EntityManager,
    @Inject(CLOCK) private readonly now: Clock,
  ) {}

  /** What whoever holds the link may know; nobody is known yet, so this is the installation's own look-up. @throws NotFound `INVITATION_NOT_FOUND` for one that was accepted, withdrawn or has expired */
  async execute(tokenHash: string): Promise<InvitationPreview> {
    const em = this.em.fork();
    const row = await em.findOne(InvitationTable, { tokenHash, acceptedAt: null, expiresAt: { $gt: this.now() } });
    if (row === null) throw new NotFound('INVITATION_NOT_FOUND', 'This invitation was used, withdrawn or has expired.', { action: 'Ask for a new one.' });
    const [{ name: workspace }, { name: invitedBy }] = await Promise.all([em.findOneOrFail(WorkspaceTable, { id: row.workspaceId }), em.findOneOrFail(PersonTable, { id: row.invitedBy })]);
    return { workspace, invitedBy, role: row.role, expiresAt: row.expiresAt.toISOString() };
  }
}
