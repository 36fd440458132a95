import { Controller, Get, Param, Post, Query, Res, UseGuards } from '@nestjs/common';
import { getSyncRun, listSyncRuns, startSyncRun, type SyncRun, type SyncRunList, type SyncRunStarted } from '@tributary/api-contracts';
import { SyncRunId } from '@tributary/event-contracts';
import { NotFound } from '@tributary/failures';
import { RequestClient } from '@tributary/messaging';
import type { Response } from 'express';
import { z } from 'zod';
import { parsed } from '../parsed.ts';
import type { Session } from '../session/session.entity.ts';
import { CurrentSession, SessionGuard } from '../session/session.guard.ts';
import { ConnectionAccess } from './connection-access.ts';

const ListRequest = z.object({ limit: z.coerce.number().int().min(1).max(200).default(50) });

@Controller('api/connections/:id/sync-runs')
@UseGuards(SessionGuard)
export class SyncRunController {
  constructor(
    private readonly requests: RequestClient,
    private readonly access: ConnectionAccess,
  ) {}

  @Post()
  async start(@CurrentSession() session: Session, @Param('id') id: string, @Res({ passthrough: true }) response: Response): Promise<SyncRunStarted> {
    const { workspaceId, connectionId } = await this.access.requireWork(session, id);
    const started = await this.requests.ask(startSyncRun, { workspaceId, connectionId });
    response.status(started.alreadyOpen ? 200 : 201);
    return started;
  }

  @Get()
  async list(@CurrentSession() session: Session, @Param('id') id: string, @Query() query: unknown): Promise<SyncRunList> {
    const { workspaceId, connectionId } = await this.access.require(session, id);
    return this.requests.ask(listSyncRuns, { workspaceId, connectionId, ...parsed(ListRequest, query) });
  }

  @Get(':runId')
  async one(@CurrentSession() session: Session, @Param('id') id: string, @Param('runId') runId: string): Promise<SyncRun> {
    const { workspaceId, connectionId } = await this.access.require(session, id);
    const known = SyncRunId.safeParse(runId);
    if (!known.success) throw new NotFound('SYNC_RUN_NOT_FOUND', 'There is no such sync run.');
    return this.requests.ask(getSyncRun, { workspaceId, connectionId, runId: known.data });
  }
}
