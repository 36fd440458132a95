import type { EntityManager } from '@mikro-orm/postgresql';
import { Injectable } from '@nestjs/common';
import { ConnectionChanges } from '../connection/connection-changes.ts';
import type { Connection } from '../connection/connection.entity.ts';
import { OauthGrantTable } from '../grant/oauth-grant.entity.ts';
import { WayNews, type LostWay } from './way-news.ts';

/** Keeps a connection going on assertions when its consent gives no access any more. */
@Injectable()
export class CarryOn {
  constructor(
    private readonly changes: ConnectionChanges,
    private readonly news: WayNews,
  ) {}

  /**
   * Runs in the caller's transaction, which holds the connection and has settled the user grant.
   * @param nextCheckAt when the consent is looked at again; null when it is dead
   * @returns false when assertions are no way in of this connection: the caller then goes on as without them
   */
  async execute(em: EntityManager, connection: Connection, trouble: Omit<LostWay, 'kind'>, nextCheckAt: Date | null): Promise<boolean> {
    if (connection.policy === 'user' || (await em.count(OauthGrantTable, { connectionId: connection.id, kind: 'jwt', state: 'live' })) === 0) return false;
    connection.failures = 0;
    const underWay = connection.state === 'refreshing' || connection.state === 'paused';
    await this.changes.apply(em, connection, underWay ? 'refresh-abandoned' : 'recovered', { nextCheckAt });
    await this.news.lost(em, connection, { kind: 'user', ...trouble });
    return true;
  }
}
