import { Injectable } from '@nestjs/common';
import { Connections, type Connection } from '../connection/connections.store.ts';
import { OrgAccesses } from '../extract/org-access.ts';
import { CopyObjects } from './copy-objects.ts';
import { FinishRun } from './finish-run.ts';
import { PlanRun } from './plan-run.ts';
import type { ClaimedRun } from './run-lease.ts';
import { RunProgresses, type RunProgress } from './run-progress.ts';
import { scopeOf } from './run-verdict.ts';

@Injectable()
export class RunSync {
  constructor(
    private readonly connections: Connections,
    private readonly orgs: OrgAccesses,
    private readonly progresses: RunProgresses,
    private readonly planRun: PlanRun,
    private readonly copyObjects: CopyObjects,
    private readonly finishRun: FinishRun,
  ) {}

  /**
   * Executes a claimed run from wherever it is to its end.
   * @throws when this process cannot go on (database, lease, shutdown): the run stays open for the next worker
   */
  async execute(run: ClaimedRun, signal: AbortSignal): Promise<void> {
    const connection = await this.connections.require(run.connectionId);
    const progress = this.progresses.of(run);
    let stoppedBy: unknown;
    try {
      await this.#work(run, connection, progress, signal);
    } catch (error) {
      if (signal.aborted || scopeOf(error) === 'process') throw error;
      stoppedBy = error;
    } finally {
      await progress.stop();
    }
    await this.finishRun.execute(run, progress.trackers, connection.tokenEpoch, stoppedBy);
  }

  async #work(run: ClaimedRun, connection: Connection, progress: RunProgress, signal: AbortSignal): Promise<void> {
    const org = await this.orgs.open(run.connectionId, signal, { runId: run.id });
    try {
      if (run.planned) await this.planRun.resume(connection, org);
      else await this.planRun.execute(run, connection, org);
      await progress.start();
      await this.copyObjects.execute({ run, schema: connection.warehouseSchema, org, trackers: progress.trackers, signal });
    } finally {
      // What cannot be given back is only missing in the run's share.
      await org.end().catch(() => undefined);
    }
  }
}
