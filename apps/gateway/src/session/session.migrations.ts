import { defineMigration, workspaceRowSecurity } from '@tributary/persistence';

/** Tables of the gateway, oldest migration first. */
export const sessionMigrations = [
  defineMigration('0001-sessions', [
    `create table session (
       id_hash text primary key,
       person_id uuid not null,
       workspace_id uuid not null,
       workspace_name text not null,
       name text not null,
       email text,
       opened_at timestamptz not null,
       last_seen_at timestamptz not null
     )`,
    'create index session_last_seen_at on session (last_seen_at)',
  ]),
  defineMigration('0002-role', [
    // Sessions from before have no proof of either: their people sign in again.
    'delete from session',
    "alter table session add column role text not null check (role in ('owner', 'analyst', 'viewer')), add column authenticated_at timestamptz not null",
  ]),
  defineMigration('0003-workspace-scope', workspaceRowSecurity('session')),
];
