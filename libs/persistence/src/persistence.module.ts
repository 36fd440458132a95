import { MikroOrmModule } from '@mikro-orm/nestjs';
import { Module, type DynamicModule } from '@nestjs/common';
import { ReadinessChecks } from '@tributary/service-kit';
import { EndingDriver } from './ending-driver.ts';
import { Inbox } from './inbox.ts';
import { migrate } from './migrate.ts';
import { ormConfiguration, type PersistenceOptions } from './orm-configuration.ts';
import { Outbox } from './outbox.ts';
import { SqlPool } from './sql-pool.ts';
import { WorkspaceScope } from './workspace-scope.ts';

/** Database access of a service: migrated schema, entity manager, plain pool, outbox and inbox; global. */
@Module({})
export class PersistenceModule {
  static async forService(options: PersistenceOptions): Promise<DynamicModule> {
    return {
      module: PersistenceModule,
      global: true,
      imports: [
        await MikroOrmModule.forRootAsync({
          driver: EndingDriver,
          useFactory: async () => {
            await migrate(options);
            return { ...ormConfiguration(options), registerRequestContext: false };
          },
        }),
      ],
      providers: [
        Outbox,
        Inbox,
        WorkspaceScope,
        {
          provide: SqlPool,
          inject: [ReadinessChecks],
          useFactory: (readiness: ReadinessChecks) => {
            const pool = SqlPool.forService(options);
            readiness.add('database', async () => void (await pool.query('select 1')));
            return pool;
          },
        },
      ],
      exports: [Outbox, Inbox, SqlPool, WorkspaceScope],
    };
  }
}
