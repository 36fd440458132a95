import { defineConfig, type Options } from '@mikro-orm/postgresql';
import { Migrator } from '@mikro-orm/migrations';
import { busTables } from './bus-tables.ts';
import { installationScope } from './installation-scope.ts';
import { EndingDriver } from './ending-driver.ts';
import type { MigrationScript } from './migration-script.ts';
import { boundedConnections } from './watched-client.ts';

export interface PersistenceOptions {
  /** The service's own schema. */
  readonly schema: string;
  /** `postgresql://` address with the service's role. */
  readonly url: string;
  /** Address with the role that owns the schema, when it is another one; used for migrations alone. */
  readonly ownerUrl?: string | undefined;
  readonly entities: NonNullable<Options['entities']>;
  readonly migrations: readonly MigrationScript[];
  /** Connections of the ORM's pool, and again of `SqlPool`. */
  readonly poolMax?: number;
}

/** MikroORM's configuration for one service: its schema, its entities, its migrations, and nothing of the other services. */
export function ormConfiguration({ schema, url, entities, migrations, poolMax = 10 }: PersistenceOptions): Options {
  return defineConfig({
    driver: EndingDriver,
    clientUrl: url,
    schema,
    entities,
    discovery: { warnWhenNoEntities: false },
    extensions: [Migrator],
    pool: { min: 0, max: poolMax },
    driverOptions: { ...boundedConnections, options: `-c search_path=${schema} ${installationScope}`, application_name: `tributary-${schema}` },
    forceUtcTimezone: true,
    migrations: {
      migrationsList: [busTables, ...migrations].map(({ name, class: migration }) => ({ name, class: migration })),
      tableName: 'migration',
      schema,
      snapshot: false,
      snapshotOnMigrate: false,
      disableForeignKeys: false,
      silent: true,
    },
  });
}
