import { Controller } from '@nestjs/common';
import { Payload } from '@nestjs/microservices';
import {
  decideNewFields, forecastSync, getSyncSettings, listSalesforceCalls, putSyncSettings,
  type CallsRequest, type NewFieldDecisions, type SalesforceCallList, type SyncForecast, type SyncSettings, type SyncSettingsView,
} from '@tributary/api-contracts';
import type { ConnectionId, WorkspaceId } from '@tributary/event-contracts';
import { OnRequest } from '@tributary/messaging';
import { ReadCalls } from '../budget/read-calls.ts';
import { DecideNewFields } from '../selection/decide-new-fields.ts';
import { PutSyncSettings } from './put-sync-settings.ts';
import { ReadSyncSettings } from './read-sync-settings.ts';

@Controller()
export class SyncSettingsController {
  constructor(
    private readonly readSettings: ReadSyncSettings,
    private readonly putSettings: PutSyncSettings,
    private readonly decide: DecideNewFields,
    private readonly readCalls: ReadCalls,
  ) {}

  @OnRequest(getSyncSettings)
  async read(@Payload() { workspaceId, connectionId }: { workspaceId: WorkspaceId; connectionId: ConnectionId }): Promise<SyncSettingsView> {
    return this.readSettings.execute(workspaceId, connectionId);
  }

  @OnRequest(putSyncSettings)
  async put(@Payload() { workspaceId, connectionId, settings }: { workspaceId: WorkspaceId; connectionId: ConnectionId; settings: SyncSettings }): Promise<SyncSettingsView> {
    return this.putSettings.execute(workspaceId, connectionId, settings);
  }

  @OnRequest(forecastSync)
  async forecast(@Payload() { workspaceId, connectionId, settings }: { workspaceId: WorkspaceId; connectionId: ConnectionId; settings: SyncSettings }): Promise<SyncForecast> {
    return (await this.readSettings.with(workspaceId, connectionId, settings)).forecast;
  }

  @OnRequest(decideNewFields)
  async decideFields(@Payload() { workspaceId, connectionId, decisions }: { workspaceId: WorkspaceId; connectionId: ConnectionId; decisions: NewFieldDecisions['decisions'] }): Promise<SyncSettingsView> {
    return this.decide.execute(workspaceId, connectionId, decisions);
  }

  @OnRequest(listSalesforceCalls)
  async calls(@Payload() { workspaceId, connectionId, ...wanted }: CallsRequest & { workspaceId: WorkspaceId; connectionId: ConnectionId }): Promise<SalesforceCallList> {
    return this.readCalls.execute(workspaceId, connectionId, wanted);
  }
}
