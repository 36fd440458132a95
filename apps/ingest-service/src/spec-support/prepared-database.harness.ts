// The databases of all specs here begin with the service's tables: making them anew for each file takes longer than most specs.
import { migrate } from '@tributary/persistence';
import { prepareDatabases } from '@tributary/testing';
import { ingestMigrations } from '../ingest.migrations.ts';

prepareDatabases({
  name: `ingest-${ingestMigrations.length}-${ingestMigrations.at(-1)?.name ?? ''}`,
  migrate: (urlOf) => migrate({ schema: 'ingest', url: urlOf('tributary_ingest'), entities: [], migrations: ingestMigrations }),
});
