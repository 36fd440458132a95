import { defineMigration } from '@tributary/persistence';

export const extractMigrations = [
  defineMigration('0008-extract-deleted', ['alter table extract_job add column deleted bigint not null default 0']),
  defineMigration('0013-cursor-choice', [
    `create table cursor_choice (
       connection_id uuid not null references connection (id) on delete cascade,
       object text not null,
       choice jsonb not null,
       primary key (connection_id, object)
     )`,
  ]),
  defineMigration('0024-result-pages', [
    // Pages of an export that are read in any order.
    `create table result_page (
       connection_id uuid not null,
       object text not null,
       page integer not null,
       locator text,
       is_read boolean not null default false,
       primary key (connection_id, object, page),
       foreign key (connection_id, object) references extract_job (connection_id, object) on delete cascade
     )`,
  ]),
  defineMigration('0025-newest-first', [
    `alter table extract_job add column reach text not null default 'all'`,
    `create table backfill (
       connection_id uuid not null references connection (id) on delete cascade,
       object text not null,
       -- rows with an older stamp are still to be read
       before timestamptz not null,
       source_rows bigint not null,
       as_of timestamptz not null,
       primary key (connection_id, object)
     )`,
  ]),
  defineMigration('0029-asked-exports', [
    // Salesforce's clock when an export was asked for whose answer is not kept yet.
    'alter table extract_job add column asked_at timestamptz',
    'alter table connection add column user_id text',
  ]),
];
