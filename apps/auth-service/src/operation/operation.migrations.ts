import { defineMigration, workspaceRowSecurity } from '@tributary/persistence';

/** Confirmed erasure, and what the vault counts. */
export const operationMigrations = [
  defineMigration('0005-operation', [
    `create table closure (
       connection_id uuid primary key references connection,
       workspace_id uuid not null,
       data text not null check (data in ('keep', 'erase')),
       asked_at timestamptz not null,
       asked_again integer not null default 0,
       next_ask_at timestamptz,
       ingest_at timestamptz,
       analytics_at timestamptz
     )`,
    'create index closure_next_ask on closure (next_ask_at) where next_ask_at is not null',
    ...workspaceRowSecurity('closure'),
    'alter table connection add column paused_at timestamptz',
    // A connection that is being erased is gone for its person: a new consent makes a new one.
    'drop index connection_of_user',
    "create unique index connection_of_user on connection (workspace_id, org_id, user_id) where state <> 'purged' and (state <> 'disconnected' or data_after is distinct from 'erase')",
    `create table vault_key_use (
       kek_id text primary key,
       wraps bigint not null default 0,
       first_at timestamptz not null default now(),
       last_at timestamptz not null default now()
     )`,
    "insert into vault_key_use (kek_id, wraps) select kek_id, count(*) from vault_key group by kek_id",
  ]),
];
