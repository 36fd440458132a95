import { Selection, SyncSettings } from '@tributary/api-contracts';
import { connectionPaused, OrgId, tokenReady, type ConnectionId } from '@tributary/event-contracts';
import { Failure, RateLimited } from '@tributary/failures';
import { SqlPool } from '@tributary/persistence';
import { SalesforceCallFailure } from '@tributary/salesforce-client';
import type { Simulator } from '@tributary/salesforce-simulator';
import { PauseConnection } from '../connection/pause-connection.ts';
import { PutSyncSettings } from '../schedule/put-sync-settings.ts';
import { DecideNewFields } from '../selection/decide-new-fields.ts';
import { PutSelection } from '../selection/put-selection.ts';
import { homeWorkspace, type AuthDouble } from '../spec-support/auth-double.harness.ts';
import type { IngestHarness } from '../spec-support/ingest.harness.ts';
import { OpenFirstRun } from '../sync-run/open-first-run.ts';
import type { Act } from './scenario.harness.ts';

/** What people do with one connection. */
export class People {
  constructor(
    private readonly ingest: IngestHarness,
    private readonly simulator: Simulator,
    private readonly auth: AuthDouble,
    private readonly connectionId: ConnectionId,
  ) {}

  async pause(paused: boolean): Promise<void> {
    await this.ingest.get(PauseConnection).execute(connectionPaused.create({ connectionId: this.connectionId, paused }));
  }

  /** @returns false when the forecast says that the org has too few calls left for it */
  async schedule({ intervalSeconds, newFields, objects }: Extract<Act, { do: 'schedule' }>): Promise<boolean> {
    return this.#unless('FORECAST_OVER_BUDGET', () => this.ingest.get(PutSyncSettings).execute(homeWorkspace, this.connectionId, SyncSettings.parse({ intervalSeconds, newFields, objects })));
  }

  /** @returns false when the person may not read one of the objects, or nobody can tell */
  async select(objects: readonly string[]): Promise<boolean> {
    return this.#unless('SELECTION_UNKNOWN_OBJECT', () => this.ingest.get(PutSelection).execute(homeWorkspace, this.connectionId, Selection.parse({ objects: objects.map((name) => ({ name })) })));
  }

  /** About all new fields of which nobody decided so far, or to leave them out. */
  async decide(decision: 'copy' | 'ignore'): Promise<void> {
    const { rows } = await this.ingest.get(SqlPool).query<{ object: string; field: string }>(`select object, field from new_field where connection_id = $1 and decision <> 'copy'`, [this.connectionId]);
    if (rows.length > 0) await this.ingest.get(DecideNewFields).execute(homeWorkspace, this.connectionId, rows.map((row) => ({ ...row, decision })));
  }

  /** A session that Salesforce refused twice needs its person once more. */
  async consent(): Promise<void> {
    await this.auth.consent();
    this.auth.epoch += 1;
    await this.ingest.get(OpenFirstRun).execute(tokenReady.create({ connectionId: this.connectionId, orgId: OrgId.parse(this.simulator.orgId), epoch: this.auth.epoch, flow: 'refresh-token' }));
  }

  async #unless(code: string, act: () => Promise<unknown>): Promise<boolean> {
    try {
      await act();
      return true;
    } catch (error) {
      // The org is asked for its objects, where it leaves a call for that.
      if (error instanceof RateLimited || error instanceof SalesforceCallFailure || (error instanceof Failure && error.code === code)) return false;
      throw error;
    }
  }
}
