import { defineMigration, installationRowSecurity, workspaceRowSecurity } from '@tributary/persistence';

/** Closes the tables of a workspace to every other workspace. */
export const workspaceScopeMigrations = [
  defineMigration('0004-workspace-scope', [
    ...workspaceRowSecurity('workspace', 'id'),
    ...['person', 'connection', 'oauth_grant', 'revocation', 'audit_entry'].flatMap((table) => workspaceRowSecurity(table)),
  ]),
];

/** Closes what only the installation's own work reads: leases, refusals and notices of certificates, starts and tickets before it is known whose they are. */
export const ownWorkMigrations = [
  defineMigration('0010-own-work', ['final_verdict', 'lease', 'login_transaction', 'sign_in_ticket', 'signing_key_notice'].flatMap((table) => installationRowSecurity(table))),
];
