import { Body, Controller, Get, HttpCode, Param, Post, Put, Query, UseGuards } from '@nestjs/common';
import {
  CallsRequest, ChangeEventsSwitch, decideNewFields, estimateSelection, forecastSync, getSyncSettings, NewFieldDecisions, putSyncSettings, Selection, switchChangeEvents, SyncSettings,
  type ChangeEvents, type ConnectionCalls, type SelectionEstimate, type SyncForecast, type SyncSettingsView,
} from '@tributary/api-contracts';
import { RequestClient } from '@tributary/messaging';
import { parsed } from '../parsed.ts';
import type { Session } from '../session/session.entity.ts';
import { CurrentSession, SessionGuard } from '../session/session.guard.ts';
import { ConnectionAccess } from './connection-access.ts';
import { ReadCalls } from './read-calls.ts';

@Controller('api/connections/:id')
@UseGuards(SessionGuard)
export class SyncSettingsController {
  constructor(
    private readonly requests: RequestClient,
    private readonly access: ConnectionAccess,
    private readonly readCalls: ReadCalls,
  ) {}

  @Get('sync-settings')
  async read(@CurrentSession() session: Session, @Param('id') id: string): Promise<SyncSettingsView> {
    const { workspaceId, connectionId } = await this.access.require(session, id);
    return this.requests.ask(getSyncSettings, { workspaceId, connectionId });
  }

  @Put('sync-settings')
  async put(@CurrentSession() session: Session, @Param('id') id: string, @Body() body: unknown): Promise<SyncSettingsView> {
    const { workspaceId, connectionId } = await this.access.requireOwn(session, id);
    return this.requests.ask(putSyncSettings, { workspaceId, connectionId, settings: parsed(SyncSettings, body) });
  }

  @Put('change-events')
  async changeEvents(@CurrentSession() session: Session, @Param('id') id: string, @Body() body: unknown): Promise<ChangeEvents> {
    const { workspaceId, connectionId } = await this.access.requireOwn(session, id);
    return this.requests.ask(switchChangeEvents, { workspaceId, connectionId, ...parsed(ChangeEventsSwitch, body) });
  }

  @Post('sync-forecast')
  @HttpCode(200)
  async forecast(@CurrentSession() session: Session, @Param('id') id: string, @Body() body: unknown): Promise<SyncForecast> {
    const { workspaceId, connectionId } = await this.access.require(session, id);
    return this.requests.ask(forecastSync, { workspaceId, connectionId, settings: parsed(SyncSettings, body) });
  }

  @Post('selection-estimate')
  @HttpCode(200)
  async estimate(@CurrentSession() session: Session, @Param('id') id: string, @Body() body: unknown): Promise<SelectionEstimate> {
    const { workspaceId, connectionId } = await this.access.requireWork(session, id);
    return this.requests.ask(estimateSelection, { workspaceId, connectionId, selection: parsed(Selection, body) });
  }

  @Put('new-fields')
  async decide(@CurrentSession() session: Session, @Param('id') id: string, @Body() body: unknown): Promise<SyncSettingsView> {
    const { workspaceId, connectionId } = await this.access.requireOwn(session, id);
    return this.requests.ask(decideNewFields, { workspaceId, connectionId, ...parsed(NewFieldDecisions, body) });
  }

  @Get('calls')
  async calls(@CurrentSession() session: Session, @Param('id') id: string, @Query() query: unknown): Promise<ConnectionCalls> {
    const reached = await this.access.requireOrRemembered(session, id);
    return this.readCalls.execute(reached, parsed(CallsRequest, query));
  }
}
