import { Module, type DynamicModule } from '@nestjs/common';
import { MessagingModule } from '@tributary/messaging';
import { PersistenceModule } from '@tributary/persistence';
import { CLOCK, ServiceKitModule, type Clock } from '@tributary/service-kit';
import { AnalyticsController } from './analytics.controller.ts';
import { CONFIG, type AnalyticsConfig } from './config.ts';
import { ConnectionErasedConsumer } from './dataset/connection-erased.consumer.ts';
import { DatasetLedger } from './dataset/dataset-ledger.ts';
import { datasetMigrations } from './dataset/dataset.migrations.ts';
import { Datasets } from './dataset/datasets.ts';
import { WindowCommittedConsumer } from './dataset/window-committed.consumer.ts';
import { Engines } from './engine/engines.ts';
import { RunQuery } from './question/run-query.ts';
import { ListRecords } from './records/list-records.ts';
import { Warehouse } from './warehouse/warehouse.client.ts';

/** The one module of analytics-service. */
@Module({})
export class AnalyticsModule {
  /** @param clock the present instant in tests */
  static async for(config: AnalyticsConfig, clock?: Clock): Promise<DynamicModule> {
    return {
      module: AnalyticsModule,
      global: true,
      imports: [
        ServiceKitModule.forService(),
        await PersistenceModule.forService({ schema: 'analytics', url: config.databaseUrl, entities: [], migrations: datasetMigrations }),
        MessagingModule.forService({ service: 'analytics', natsUrl: config.natsUrl }),
      ],
      controllers: [AnalyticsController, WindowCommittedConsumer, ConnectionErasedConsumer],
      providers: [
        { provide: CONFIG, useValue: config },
        ...(clock === undefined ? [] : [{ provide: CLOCK, useValue: clock }]),
        { provide: Warehouse, useFactory: () => new Warehouse(config.warehouseUrl) },
        DatasetLedger, Datasets, Engines, RunQuery, ListRecords,
      ],
    };
  }
}
