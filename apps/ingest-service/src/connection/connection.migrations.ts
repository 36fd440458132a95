import { defineMigration, workspaceRowSecurity } from '@tributary/persistence';

export const connectionMigrations = [
  defineMigration('0001-connections', [
    `create table connection (
       id uuid primary key,
       org_id text,
       workspace_id uuid,
       state text not null default 'active' check (state in ('active', 'frozen', 'erased')),
       token_state text not null default 'waiting' check (token_state in ('waiting', 'ready', 'consent-required')),
       token_epoch integer not null default 0,
       warehouse_schema text not null,
       selection jsonb,
       catalogue jsonb,
       catalogue_at timestamptz,
       api_used integer,
       api_limit integer,
       api_as_of timestamptz,
       budget_low boolean not null default false,
       last_sync_at timestamptz,
       next_sync_at timestamptz,
       created_at timestamptz not null default now()
     )`,
    `create index connection_due on connection (next_sync_at) where state = 'active' and token_state = 'ready'`,
  ]),
  defineMigration('0005-pause', ['alter table connection add column paused boolean not null default false']),
  // A row of an erased connection belongs to no workspace and is for upkeep alone.
  defineMigration('0004-workspace-scope', workspaceRowSecurity('connection')),
];
