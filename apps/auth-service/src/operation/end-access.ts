import { EntityManager } from '@mikro-orm/postgresql';
import { Injectable } from '@nestjs/common';
import { ConnectionChanges } from '../connection/connection-changes.ts';
import { nextState } from '../connection/connection-machine.ts';
import { GrantStore } from '../grant/grant-store.ts';

const text = 'The operator of this installation ended every access. Connect again; your data and bookmarks are kept.';

/** Ends every way in of one connection and says who did it; the connection and its data stay. */
@Injectable()
export class EndAccess {
  constructor(
    private readonly em: EntityManager,
    private readonly changes: ConnectionChanges,
    private readonly grants: GrantStore,
  ) {}

  /** What is to be revoked at Salesforce is noted, and attempted by the caller. */
  async execute(connectionId: string): Promise<void> {
    const state = await this.em.fork().transactional(async (em) => {
      const connection = await this.changes.hold(em, connectionId);
      await this.grants.revoke(em, connectionId);
      if (connection.state !== 'needs_reconsent' && nextState(connection.state, 'grant-rejected') !== undefined) {
        await this.changes.apply(em, connection, 'grant-rejected', { attention: { cause: 'revoked-by-operator', who: 'user', text }, told: { kind: 'revoked-by-operator', text, cause: 'revoked-by-operator' } });
      }
      return connection.state;
    });
    this.changes.announce(connectionId, state);
  }
}
