import { defineMigration } from '@tributary/persistence';

export const syncRunMigrations = [
  defineMigration('0002-sync-runs', [
    `create table sync_run (
       id uuid primary key,
       connection_id uuid not null references connection (id) on delete cascade,
       kind text not null check (kind in ('first', 'incremental')),
       status text not null default 'running' check (status in ('running', 'complete', 'partial', 'failed')),
       correlation_id uuid not null,
       caused_by uuid,
       planned boolean not null default false,
       -- another run is wanted as soon as this one ends
       followed boolean not null default false,
       started_at timestamptz not null default now(),
       finished_at timestamptz,
       rows bigint not null default 0,
       api_calls integer not null default 0,
       reasons jsonb not null default '[]',
       lease_name text,
       lease_boot uuid,
       lease_until timestamptz,
       lease_epoch bigint not null default 0
     )`,
    `create unique index sync_run_open on sync_run (connection_id) where status = 'running'`,
    `create index sync_run_claim on sync_run (started_at) where status = 'running'`,
    'create index sync_run_newest on sync_run (connection_id, started_at desc)',
    `create table sync_run_object (
       run_id uuid not null references sync_run (id) on delete cascade,
       object text not null,
       label text not null,
       fields jsonb,
       position integer not null,
       status text not null default 'waiting',
       step text not null default 'Waiting for its turn',
       rows_done bigint not null default 0,
       rows_total bigint,
       rows_per_second double precision,
       eta_from integer,
       eta_to integer,
       api text,
       api_calls integer not null default 0,
       code text,
       reason text,
       primary key (run_id, object)
     )`,
  ]),
  defineMigration('0003-extract-jobs', [
    `create table extract_job (
       connection_id uuid not null references connection (id) on delete cascade,
       object text not null,
       fields jsonb not null,
       window_from timestamptz,
       window_until timestamptz,
       server_time timestamptz not null,
       source_count bigint,
       api text not null,
       fallback text,
       job_id text,
       api_version text,
       job_count bigint,
       locator text,
       pages integer not null default 0,
       parsed bigint not null default 0,
       substitutions jsonb not null default '{}',
       all_read boolean not null default false,
       primary key (connection_id, object)
     )`,
    `create table finished_job (
       connection_id uuid not null references connection (id) on delete cascade,
       job_id text not null,
       api_version text not null,
       finished_at timestamptz not null default now(),
       primary key (connection_id, job_id)
     )`,
  ]),
  // What a run was to take, and what it took.
  defineMigration('0033-run-estimate', ['alter table sync_run add column estimate jsonb']),
];
