import { callIndexes, callTable, defineMigration, workspaceRowSecurity } from '@tributary/persistence';

export const callMigrations = [defineMigration('0012-calls', [...callTable, ...callIndexes, ...workspaceRowSecurity('salesforce_call')])];
