export { defineMigration, type MigrationScript } from './migration-script.ts';
export { ormConfiguration, type PersistenceOptions } from './orm-configuration.ts';
export { migrate } from './migrate.ts';
export { SqlPool } from './sql-pool.ts';
export { Outbox, type SqlClient } from './outbox.ts';
export { workspaceRowSecurity } from './row-security.ts';
export { WorkspaceScope } from './workspace-scope.ts';
export { Inbox } from './inbox.ts';
export { PersistenceModule } from './persistence.module.ts';
