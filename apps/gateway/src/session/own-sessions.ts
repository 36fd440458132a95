import { Injectable } from '@nestjs/common';
import type { SessionInfo } from '@tributary/api-contracts';
import { NotFound } from '@tributary/failures';
import { WorkspaceScope } from '@tributary/persistence';
import { SessionTable, type Session } from './session.entity.ts';
import { Sessions } from './sessions.ts';

/** The browsers somebody is signed in with, for themselves alone. */
@Injectable()
export class OwnSessions {
  constructor(
    private readonly scope: WorkspaceScope,
    private readonly sessions: Sessions,
  ) {}

  /** Living ones, last used first. */
  async list({ workspaceId, personId, idHash }: Session): Promise<SessionInfo[]> {
    const found = await this.scope.run(workspaceId, async (em) => em.find(SessionTable, { personId }, { orderBy: { lastSeenAt: 'desc' } }));
    const living = await this.sessions.living(found.map((one) => one.idHash));
    return found.filter((one) => living.has(one.idHash)).map((one) => ({
      id: one.publicId, openedAt: one.openedAt.toISOString(), lastSeenAt: one.lastSeenAt.toISOString(), browser: one.browser, isThis: one.idHash === idHash, proof: one.proof,
    }));
  }

  /** @throws NotFound `SESSION_NOT_FOUND` also for one of somebody else */
  async end({ workspaceId, personId }: Session, publicId: string): Promise<void> {
    const ended = await this.scope.run(workspaceId, async (em) => em.nativeDelete(SessionTable, { personId, publicId }));
    if (ended === 0) throw new NotFound('SESSION_NOT_FOUND', 'There is no such session.');
  }
}
