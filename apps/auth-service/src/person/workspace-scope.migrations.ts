import { defineMigration, workspaceRowSecurity } from '@tributary/persistence';

/** Closes the tables of a workspace to every other workspace. */
export const workspaceScopeMigrations = [
  defineMigration('0004-workspace-scope', [
    ...workspaceRowSecurity('workspace', 'id'),
    ...['person', 'connection', 'oauth_grant', 'revocation', 'audit_entry'].flatMap((table) => workspaceRowSecurity(table)),
  ]),
];
