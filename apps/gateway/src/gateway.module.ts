import { Module, type DynamicModule } from '@nestjs/common';
import { MessagingModule } from '@tributary/messaging';
import { PersistenceModule } from '@tributary/persistence';
import { ServiceKitModule } from '@tributary/service-kit';
import { AnalyticsController } from './analytics/analytics.controller.ts';
import { CONFIG, type GatewayConfig } from './config.ts';
import { ConnectProxy } from './connect/connect-proxy.ts';
import { ConnectionAccess } from './connection/connection-access.ts';
import { ConnectionController } from './connection/connection.controller.ts';
import { SyncRunController } from './connection/sync-run.controller.ts';
import { LiveController } from './live/live.controller.ts';
import { LiveStreams } from './live/live-streams.ts';
import { OpenApiController } from './openapi/openapi.controller.ts';
import { SessionController } from './session/session.controller.ts';
import { SessionTable } from './session/session.entity.ts';
import { SessionGuard } from './session/session.guard.ts';
import { sessionMigrations } from './session/session.migrations.ts';
import { Sessions } from './session/sessions.ts';

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
      controllers: [SessionController, ConnectionController, SyncRunController, AnalyticsController, LiveController, OpenApiController],
      providers: [{ provide: CONFIG, useValue: config }, Sessions, SessionGuard, ConnectionAccess, ConnectProxy, LiveStreams],
    };
  }
}
