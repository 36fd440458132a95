import { EntityManager } from '@mikro-orm/postgresql';
import { Inject, Injectable, Logger } from '@nestjs/common';
import { Secret } from '@tributary/failures';
import { TokenClient } from '@tributary/salesforce-client';
import { CLOCK, type Clock } from '@tributary/service-kit';
import { v7 as uuidV7 } from 'uuid';
import { callsOf } from '../calls/call-origin.ts';
import { Closures } from '../closure/closures.ts';
import { shownState } from '../closure/erasing.ts';
import { ConnectionChanges } from '../connection/connection-changes.ts';
import type { Connection } from '../connection/connection.entity.ts';
import { Vault, type VaultScope } from '../vault/vault.ts';
import { RevocationTable, type Revocation } from './revocation.entity.ts';

/** The caller attempts at once; only when it could not does the upkeep take over. */
const headStartMs = 15_000;
const firstRetryMs = 5_000;
const longestRetryMs = 60 * 60_000;
/** Design: retried for seven days; by then an idle grant is worth nothing to anybody. */
const giveUpAfterMs = 7 * 24 * 60 * 60_000;

export interface ToRevoke {
  readonly connectionId: string;
  readonly workspaceId: string;
  readonly loginOrigin: string;
  readonly refreshToken: Secret<string>;
  readonly endsConnection: boolean;
}

/** Refresh tokens on their way out: kept sealed until Salesforce confirmed, also while it is down. */
@Injectable()
export class Revocations {
  readonly #log = new Logger('revocation');

  constructor(
    private readonly em: EntityManager,
    private readonly vault: Vault,
    private readonly tokenClient: TokenClient,
    private readonly changes: ConnectionChanges,
    private readonly closures: Closures,
    @Inject(CLOCK) private readonly now: Clock,
  ) {}

  /** Notes a token for revocation in the caller's transaction; call `attempt` after the commit. */
  async add(em: EntityManager, { refreshToken, ...row }: ToRevoke): Promise<string> {
    const id = uuidV7();
    const at = this.now();
    await em.insert(RevocationTable, { id, ...row, nextAt: new Date(at.getTime() + headStartMs), giveUpAt: new Date(at.getTime() + giveUpAfterMs) });
    await this.vault.createKey(em, scopeOf({ id, ...row }));
    await this.vault.seal(em, scopeOf({ id, ...row }), 'refresh_token', 1, refreshToken);
    return id;
  }

  /** Revokes one now. @returns whether Salesforce confirmed; otherwise it is tried again by itself */
  async attempt(id: string): Promise<boolean> {
    const em = this.em.fork();
    const row = await em.findOne(RevocationTable, { id });
    if (row === null) return true;
    if (!(await this.#revoke(em, row))) {
      if (row.giveUpAt > this.now()) return this.#later(em, row);
      this.#log.error(`gave up revoking a token of connection ${row.connectionId} after seven days`);
    }
    await this.#done(em, row);
    return true;
  }

  /** Tries what is due. */
  async attemptDue(): Promise<void> {
    const due = await this.em.fork().find(RevocationTable, { nextAt: { $lte: this.now() } }, { orderBy: { nextAt: 'asc' }, limit: 20 });
    await Promise.all(due.map(({ id }) => this.attempt(id)));
  }

  async #revoke(em: EntityManager, row: Revocation): Promise<boolean> {
    try {
      const token = await this.vault.open(em, scopeOf(row), 'refresh_token', 1);
      return await callsOf(row.connectionId, () => this.tokenClient.revoke(row.loginOrigin, token));
    } catch (error) {
      this.#log.warn(`revoking a token of connection ${row.connectionId} did not succeed yet: ${error instanceof Error ? error.message : 'unknown'}`);
      return false;
    }
  }

  async #later(em: EntityManager, { id, attempts }: Revocation): Promise<false> {
    await em.nativeUpdate(RevocationTable, { id }, { attempts: attempts + 1, nextAt: new Date(this.now().getTime() + Math.min(longestRetryMs, firstRetryMs * 2 ** attempts)) });
    return false;
  }

  async #done(em: EntityManager, { id, connectionId, endsConnection }: Revocation): Promise<void> {
    const state = await em.transactional(async (work) => {
      // What a crash of the database takes back is asked of Salesforce again, which says that it is revoked already.
      await work.execute('set local synchronous_commit = off');
      const deleted = await work.nativeDelete(RevocationTable, { id });
      await this.vault.shred(work, id);
      if (deleted === 0 || !endsConnection) return undefined;
      const connection = await this.changes.hold(work, connectionId);
      await this.endConnection(work, connection);
      return shownState(connection);
    });
    if (state !== undefined) this.changes.announce(connectionId, state);
  }

  /** Completes a connection that was being disconnected. */
  async endConnection(em: EntityManager, connection: Connection): Promise<void> {
    if (connection.state !== 'disconnecting') return;
    await this.changes.apply(em, connection, 'revoked', { told: { kind: 'revoked', text: 'No access is left at Salesforce.' } });
    await this.closures.complete(em, connection);
  }
}

function scopeOf({ id, workspaceId, connectionId }: Pick<Revocation, 'id' | 'workspaceId' | 'connectionId'>): VaultScope {
  return { ownerId: id, workspaceId, connectionId };
}
