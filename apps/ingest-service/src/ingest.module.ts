import { Module, type DynamicModule } from '@nestjs/common';
import { MessagingModule } from '@tributary/messaging';
import { CallLog, PersistenceModule } from '@tributary/persistence';
import { ServiceKitModule } from '@tributary/service-kit';
import { ApiUsages } from './budget/api-usage.ts';
import { CallMeters } from './budget/call-meter.ts';
import { CallSlots } from './budget/call-slots.ts';
import { ExportSlots } from './budget/export-slots.ts';
import { ReadCalls } from './budget/read-calls.ts';
import { ChangeEventsController } from './change-events/change-events.controller.ts';
import { ChangeStreamWorker } from './change-events/change-stream.worker.ts';
import { FollowChanges } from './change-events/follow-changes.ts';
import { PUBSUB, PubSub } from './change-events/pubsub.provider.ts';
import { SwitchChangeEvents } from './change-events/switch-change-events.ts';
import { WakeRuns } from './change-events/wake-runs.ts';
import { CONFIG, type IngestConfig } from './config.ts';
import { ConnectionAuthorizedConsumer } from './connection/connection-authorized.consumer.ts';
import { ConnectionErasedConsumer } from './connection/connection-erased.consumer.ts';
import { ConnectionSyncController } from './connection/connection-sync.controller.ts';
import { Connections } from './connection/connections.store.ts';
import { ConnectionPausedConsumer } from './connection/connection-paused.consumer.ts';
import { EndConnection } from './connection/end-connection.ts';
import { PauseConnection } from './connection/pause-connection.ts';
import { ReadConnectionSyncs } from './connection/read-connection-syncs.ts';
import { RecordConnection } from './connection/record-connection.ts';
import { DescribeObject } from './describe/describe-object.ts';
import { FitWarehouse } from './describe/fit-warehouse.ts';
import { ReadFieldEvidence } from './describe/read-field-evidence.ts';
import { Descriptions } from './describe/descriptions.store.ts';
import { AgreedVersions } from './extract/agreed-versions.store.ts';
import { AskAhead } from './extract/ask-ahead.ts';
import { AskExport } from './extract/ask-export.ts';
import { CompleteExport } from './extract/complete-export.ts';
import { DeleteFinishedJobs } from './extract/delete-finished-jobs.ts';
import { DoctorController } from './doctor/doctor.controller.ts';
import { ProbeOrg } from './doctor/probe-org.ts';
import { TryExports } from './doctor/try-exports.ts';
import { ExtractObject } from './extract/extract-object.ts';
import { FindLostExport } from './extract/find-lost-export.ts';
import { ListPages } from './extract/list-pages.ts';
import { OrgAccesses } from './extract/org-access.ts';
import { ChooseCursor } from './extract/choose-cursor.ts';
import { PlanParts } from './extract/plan-parts.ts';
import { PlanWindow } from './extract/plan-window.ts';
import { ReadWindow } from './extract/read-window.ts';
import { SplitPart } from './extract/split-part.ts';
import { StagePage } from './extract/stage-page.ts';
import { StagePages } from './extract/stage-pages.ts';
import { StageRecords } from './extract/stage-records.ts';
import { CommitFormulas } from './formula/commit-formulas.ts';
import { ReadFormulas } from './formula/read-formulas.ts';
import { RefreshFormulas } from './formula/refresh-formulas.ts';
import { ingestMigrations } from './ingest.migrations.ts';
import { LeaseClient } from './lease/lease.client.ts';
import { CommitWindow } from './receipt/commit-window.ts';
import { SyncSettingsStore } from './schedule/sync-settings.store.ts';
import { SyncScheduler } from './schedule/sync.scheduler.ts';
import { CatalogueController } from './selection/catalogue.controller.ts';
import { DecideNewFields } from './selection/decide-new-fields.ts';
import { EstimateSelection } from './selection/estimate-selection.ts';
import { ReadRecordCounts } from './selection/record-counts.ts';
import { PutSyncSettings } from './schedule/put-sync-settings.ts';
import { ReadSyncSettings } from './schedule/read-sync-settings.ts';
import { SyncSettingsController } from './schedule/sync-settings.controller.ts';
import { OrgSchemas } from './selection/org-schemas.ts';
import { PutSelection } from './selection/put-selection.ts';
import { ReadCatalogue } from './selection/read-catalogue.ts';
import { ReadFields } from './selection/read-fields.ts';
import { AbsentRows } from './sweep/absent-rows.ts';
import { CommitDeletions } from './sweep/commit-deletions.ts';
import { ConfirmDeletions } from './sweep/confirm-deletions.ts';
import { DeletionsController } from './sweep/deletions.controller.ts';
import { ReadDeletions } from './sweep/read-deletions.ts';
import { FindDeletions } from './sweep/find-deletions.ts';
import { ChooseRunObjects } from './sync-run/choose-run-objects.ts';
import { CopyObjects } from './sync-run/copy-objects.ts';
import { EstimateRun } from './sync-run/estimate-run.ts';
import { FinishRun } from './sync-run/finish-run.ts';
import { OpenFirstRun } from './sync-run/open-first-run.ts';
import { PlanRun } from './sync-run/plan-run.ts';
import { ReadRuns } from './sync-run/read-runs.ts';
import { RunProgresses } from './sync-run/run-progress.ts';
import { RunSync } from './sync-run/run-sync.ts';
import { RunWakeUp } from './sync-run/run-wake-up.ts';
import { RunWorker } from './sync-run/run.worker.ts';
import { StartRun } from './sync-run/start-run.ts';
import { SyncRunController } from './sync-run/sync-run.controller.ts';
import { TokenReadyConsumer } from './sync-run/token-ready.consumer.ts';

/** Objects being copied hold a database connection each while their pages stream. */
const poolMax = 20;

/** The one module of ingest-service. */
@Module({})
export class IngestModule {
  static async for(config: IngestConfig): Promise<DynamicModule> {
    return {
      module: IngestModule,
      global: true,
      imports: [
        ServiceKitModule.forService(),
        await PersistenceModule.forService({ schema: 'ingest', url: config.databaseUrl, entities: [], migrations: ingestMigrations, poolMax }),
        MessagingModule.forService({ service: 'ingest', natsUrl: config.natsUrl }),
      ],
      controllers: [
        ConnectionAuthorizedConsumer, ConnectionErasedConsumer, ConnectionPausedConsumer, TokenReadyConsumer, // events
        ConnectionSyncController, SyncRunController, CatalogueController, SyncSettingsController, DeletionsController, ChangeEventsController, DoctorController, // requests
      ],
      providers: [
        { provide: CONFIG, useValue: config },
        Connections, RecordConnection, EndConnection, PauseConnection, ReadConnectionSyncs,
        LeaseClient, OrgAccesses, AgreedVersions, ApiUsages, CallLog, CallSlots, ExportSlots, CallMeters, ReadCalls,
        DescribeObject, FitWarehouse, ReadFieldEvidence, Descriptions, ChooseCursor, ReadWindow, PlanWindow, PlanParts, SplitPart, StagePages, StagePage, ListPages, CompleteExport, AskExport, AskAhead, FindLostExport, StageRecords, CommitWindow, AbsentRows, FindDeletions, CommitDeletions, ReadDeletions, ConfirmDeletions, ExtractObject, DeleteFinishedJobs,
        ReadFormulas, CommitFormulas, RefreshFormulas,
        RunWakeUp, OpenFirstRun, StartRun, ChooseRunObjects, EstimateRun, PlanRun, CopyObjects, FinishRun, RunProgresses, RunSync, ReadRuns,
        ReadFields, ReadCatalogue, PutSelection, EstimateSelection, ReadRecordCounts, DecideNewFields, OrgSchemas, SyncSettingsStore, ReadSyncSettings, PutSyncSettings, ProbeOrg, TryExports,
        { provide: PUBSUB, useFactory: () => new PubSub(config.pubSubEndpoint) }, FollowChanges, WakeRuns, SwitchChangeEvents, ChangeStreamWorker,
        RunWorker, SyncScheduler,
      ],
    };
  }
}
