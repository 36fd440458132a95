import { Module, type DynamicModule } from '@nestjs/common';
import { MessagingModule } from '@tributary/messaging';
import { PersistenceModule } from '@tributary/persistence';
import { ServiceKitModule } from '@tributary/service-kit';
import { AuditController } from './audit/audit.controller.ts';
import { AnalyticsController } from './analytics/analytics.controller.ts';
import { CONFIG, type GatewayConfig } from './config.ts';
import { ConnectProxy } from './connect/connect-proxy.ts';
import { ConnectionAccess } from './connection/connection-access.ts';
import { ReadCalls } from './connection/read-calls.ts';
import { ConnectionController } from './connection/connection.controller.ts';
import { DeletionsController } from './connection/deletions.controller.ts';
import { PolicyController } from './connection/policy.controller.ts';
import { SyncSettingsController } from './connection/sync-settings.controller.ts';
import { SyncRunController } from './connection/sync-run.controller.ts';
import { LiveController } from './live/live.controller.ts';
import { LiveStreams } from './live/live-streams.ts';
import { InvitationPreviewController } from './members/invitation-preview.controller.ts';
import { InvitationsController } from './members/invitations.controller.ts';
import { MembersController } from './members/members.controller.ts';
import { OpenApiController } from './openapi/openapi.controller.ts';
import { RateLimits } from './security/rate-limits.ts';
import { ViolationReports } from './security/violation-reports.ts';
import { ServiceConnectionController } from './service-connection/service-connection.controller.ts';
import { FreshSignIn, FreshSignInGuard } from './session/fresh-sign-in.ts';
import { OwnSessions } from './session/own-sessions.ts';
import { OwnSessionsController } from './session/own-sessions.controller.ts';
import { SessionController } from './session/session.controller.ts';
import { SessionTable } from './session/session.entity.ts';
import { SessionGuard } from './session/session.guard.ts';
import { sessionMigrations } from './session/session.migrations.ts';
import { WorkspaceController } from './session/workspace.controller.ts';
import { SignInProviders } from './session/sign-in-providers.ts';
import { Sessions } from './session/sessions.ts';
import { SigningKeyController } from './signing-key/signing-key.controller.ts';

/** The one module of the gateway. */
@Module({})
export class GatewayModule {
  static async for(config: GatewayConfig): Promise<DynamicModule> {
    return {
      module: GatewayModule,
      global: true,
      imports: [
        ServiceKitModule.forService(),
        await PersistenceModule.forService({ schema: 'gateway', url: config.databaseUrl, entities: [SessionTable], migrations: sessionMigrations }),
        MessagingModule.forService({ service: 'gateway', natsUrl: config.natsUrl }),
      ],
      controllers: [SessionController, WorkspaceController, OwnSessionsController, MembersController, InvitationsController, InvitationPreviewController, AuditController, ConnectionController, PolicyController, ServiceConnectionController, SigningKeyController, SyncRunController, SyncSettingsController, DeletionsController, AnalyticsController, LiveController, OpenApiController],
      providers: [{ provide: CONFIG, useValue: config }, RateLimits, ViolationReports, Sessions, OwnSessions, SignInProviders, SessionGuard, FreshSignIn, FreshSignInGuard, ConnectionAccess, ReadCalls, ConnectProxy, LiveStreams],
    };
  }
}
