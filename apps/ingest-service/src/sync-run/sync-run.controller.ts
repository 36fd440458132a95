import { Controller } from '@nestjs/common';
import { Payload } from '@nestjs/microservices';
import { getSyncRun, listSyncRuns, startSyncRun, type SyncRun, type SyncRunList, type SyncRunStarted } from '@tributary/api-contracts';
import type { ConnectionId, SyncRunId, WorkspaceId } from '@tributary/event-contracts';
import { OnRequest } from '@tributary/messaging';
import { ReadRuns } from './read-runs.ts';
import { StartRun } from './start-run.ts';

@Controller()
export class SyncRunController {
  constructor(
    private readonly readRuns: ReadRuns,
    private readonly startRun: StartRun,
  ) {}

  @OnRequest(listSyncRuns)
  async list(@Payload() { workspaceId, connectionId, limit }: { workspaceId: WorkspaceId; connectionId: ConnectionId; limit: number }): Promise<SyncRunList> {
    return this.readRuns.list(workspaceId, connectionId, limit);
  }

  @OnRequest(getSyncRun)
  async one(@Payload() { workspaceId, connectionId, runId }: { workspaceId: WorkspaceId; connectionId: ConnectionId; runId: SyncRunId }): Promise<SyncRun> {
    return this.readRuns.one(workspaceId, connectionId, runId);
  }

  @OnRequest(startSyncRun)
  async start(@Payload() { workspaceId, connectionId }: { workspaceId: WorkspaceId; connectionId: ConnectionId }): Promise<SyncRunStarted> {
    return this.startRun.execute(workspaceId, connectionId);
  }
}
