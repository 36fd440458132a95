import { Injectable } from '@nestjs/common';
import type { NewFieldDecisions, SyncSettingsView } from '@tributary/api-contracts';
import type { ConnectionId } from '@tributary/event-contracts';
import { SqlPool } from '@tributary/persistence';
import { Connections } from '../connection/connections.store.ts';
import { ReadSyncSettings } from '../schedule/read-sync-settings.ts';
import { RunWakeUp } from '../sync-run/run-wake-up.ts';
import { openRunSoon } from '../sync-run/sync-runs.store.ts';

@Injectable()
export class DecideNewFields {
  constructor(
    private readonly pool: SqlPool,
    private readonly connections: Connections,
    private readonly readSettings: ReadSyncSettings,
    private readonly wakeUp: RunWakeUp,
  ) {}

  /** Decides about fields that appeared. What is to be copied is read with its whole past by the next run, opened at once. @throws NotFound `CONNECTION_UNKNOWN` */
  async execute(connectionId: ConnectionId, decisions: NewFieldDecisions['decisions']): Promise<SyncSettingsView> {
    await this.connections.require(connectionId);
    await this.pool.query(
      `update new_field f set decision = d.decision from unnest($2::text[], $3::text[], $4::text[]) as d(object, field, decision)
        where f.connection_id = $1 and f.object = d.object and f.field = d.field`,
      [connectionId, decisions.map(({ object }) => object), decisions.map(({ field }) => field), decisions.map(({ decision }) => decision)]);
    if (decisions.some(({ decision }) => decision === 'copy')) await this.#readSoon(connectionId);
    return this.readSettings.execute(connectionId);
  }

  async #readSoon(connectionId: ConnectionId): Promise<void> {
    await openRunSoon(this.pool, connectionId);
    this.wakeUp.now();
  }
}
