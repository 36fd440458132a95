import { Body, Controller, Get, HttpCode, Param, Post, Query, Req, UseGuards } from '@nestjs/common';
import { AnalyticsQueries, AnalyticsQuery, listMetrics, listRecords, ObjectName, RecordsRequest, runQueries, runQuery, type MetricRegistry, type QueryAnswer, type QueryAnswers, type RecordsAnswer } from '@tributary/api-contracts';
import { failureFromWire, NotFound } from '@tributary/failures';
import { RequestClient } from '@tributary/messaging';
import { correlationIdOf, problemOf } from '@tributary/service-kit';
import type { Request } from 'express';
import { ConnectionAccess } from '../connection/connection-access.ts';
import { parsed } from '../parsed.ts';
import type { Session } from '../session/session.entity.ts';
import { CurrentSession, SessionGuard } from '../session/session.guard.ts';

@Controller('api')
@UseGuards(SessionGuard)
export class AnalyticsController {
  constructor(
    private readonly requests: RequestClient,
    private readonly access: ConnectionAccess,
  ) {}

  @Get('metrics')
  async metrics(): Promise<MetricRegistry> {
    return this.requests.ask(listMetrics, {});
  }

  @Post('connections/:id/query')
  @HttpCode(200)
  async query(@CurrentSession() session: Session, @Param('id') id: string, @Body() body: unknown): Promise<QueryAnswer> {
    const query = parsed(AnalyticsQuery, body);
    const { workspaceId, connectionId } = await this.access.require(session, id);
    return this.requests.ask(runQuery, { workspaceId, connectionId, query });
  }

  @Post('connections/:id/queries')
  @HttpCode(200)
  async queries(@CurrentSession() session: Session, @Param('id') id: string, @Body() body: unknown, @Req() request: Request): Promise<QueryAnswers> {
    const { queries } = parsed(AnalyticsQueries, body);
    const { workspaceId, connectionId } = await this.access.require(session, id);
    const { answers } = await this.requests.ask(runQueries, { workspaceId, connectionId, queries });
    const correlationId = correlationIdOf(request);
    return { answers: answers.map((outcome) => ('failure' in outcome ? { problem: problemOf(failureFromWire(outcome.failure), correlationId) } : outcome)) };
  }

  @Get('connections/:id/records/:object')
  async records(@CurrentSession() session: Session, @Param('id') id: string, @Param('object') object: string, @Query() query: unknown): Promise<RecordsAnswer> {
    const request = parsed(RecordsRequest, query);
    const { workspaceId, connectionId, connection } = await this.access.require(session, id);
    if (!ObjectName.safeParse(object).success) throw new NotFound('OBJECT_NOT_COPIED', 'No object of an org has such a name.');
    const answer = await this.requests.ask(listRecords, { workspaceId, connectionId, object, request });
    return { ...answer, recordUrl: `https://${connection.host}/lightning/r/${answer.object}/` };
  }
}
