// The databases of all specs here begin with the service's tables: making them anew for each file takes longer than most specs.
import { migrate } from '@tributary/persistence';
import { prepareDatabases } from '@tributary/testing';
import { authMigrations } from '../auth.migrations.ts';

prepareDatabases({
  name: `auth-${authMigrations.length}-${authMigrations.at(-1)?.name ?? ''}`,
  migrate: (urlOf) => migrate({ schema: 'auth', url: urlOf('tributary_auth'), ownerUrl: urlOf('tributary_auth_owner'), entities: [], migrations: authMigrations }),
});
