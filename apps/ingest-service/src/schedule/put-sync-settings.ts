import { Injectable } from '@nestjs/common';
import type { SyncSettings, SyncSettingsView } from '@tributary/api-contracts';
import type { ConnectionId, WorkspaceId } from '@tributary/event-contracts';
import { InvalidInput } from '@tributary/failures';
import { WorkspaceScope } from '@tributary/persistence';
import type { Sql } from '../sql.ts';
import { ReadSyncSettings } from './read-sync-settings.ts';
import { SyncSettingsStore } from './sync-settings.store.ts';

@Injectable()
export class PutSyncSettings {
  constructor(
    private readonly scope: WorkspaceScope,
    private readonly settings: SyncSettingsStore,
    private readonly read: ReadSyncSettings,
  ) {}

  /**
   * Replaces schedule, budget and policy. The next run comes by the new interval; a held connection stays held.
   * @throws InvalidInput `FORECAST_OVER_BUDGET` when the org's calls would not do and it needs more of them than what is kept now; NotFound `CONNECTION_UNKNOWN`
   */
  async execute(workspaceId: WorkspaceId, connectionId: ConnectionId, settings: SyncSettings): Promise<SyncSettingsView> {
    return this.scope.runSql(workspaceId, (sql) => this.#put(sql, connectionId, settings));
  }

  async #put(sql: Sql, connectionId: ConnectionId, settings: SyncSettings): Promise<SyncSettingsView> {
    const view = await this.read.of(sql, connectionId, settings);
    const { forecast: { fits, callsPerDay, ceiling, usedByOthers } } = view;
    if (!fits && !(await this.#asksNoMore(sql, connectionId, settings, callsPerDay))) {
      throw new InvalidInput('FORECAST_OVER_BUDGET', `This schedule needs about ${callsPerDay} API calls a day; ${Math.max(0, (ceiling ?? 0) - (usedByOthers ?? 0))} are left under the ceiling.`, {
        action: 'Choose longer intervals, fewer objects or a higher ceiling.', details: { callsPerDay, ceiling, usedByOthers },
      });
    }
    await this.settings.keep(sql, connectionId, settings);
    const everySeconds = Math.round(86_400 / Math.max(view.forecast.runsPerDay, 0.01));
    await sql.query(
      `update connection set next_sync_at = least(next_sync_at, greatest(now(), coalesce(last_sync_at, now()) + $2 * interval '1 s')) where id = $1 and next_sync_at is not null and hold is null`, [connectionId, everySeconds]);
    return this.read.kept(sql, connectionId);
  }

  /** Whoever reads less often, or changes what costs nothing, is not to be refused because the org has too few calls as it is. */
  async #asksNoMore(sql: Sql, connectionId: ConnectionId, { totalShare }: SyncSettings, callsPerDay: number): Promise<boolean> {
    const kept = await this.read.kept(sql, connectionId);
    return callsPerDay <= kept.forecast.callsPerDay && totalShare >= kept.settings.totalShare;
  }
}
