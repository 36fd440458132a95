import { callIndexes, defineMigration, workspaceRowSecurity } from '@tributary/persistence';

export const budgetMigrations = [
  defineMigration('0015-sync-settings', [
    'alter table connection add column sync_settings jsonb, add column hold jsonb, add column record_counts jsonb, add column record_counts_at timestamptz',
    // Salesforce's word for when the description of any object last changed, and when all of it was read whole.
    'alter table connection add column api_version text, add column api_version_at timestamptz, add column schema_modified text, add column schema_read_at timestamptz, add column limits_read_at timestamptz',
    `alter table sync_run add column only_due boolean not null default false`,
    `create table object_turn (
       connection_id uuid not null references connection (id) on delete cascade,
       object text not null,
       read_at timestamptz not null,
       primary key (connection_id, object)
     )`,
    `create table object_describe (
       connection_id uuid not null references connection (id) on delete cascade,
       object text not null,
       describe jsonb not null,
       last_modified text,
       -- whether it holds; and whether it must be read whole, not only when Salesforce says it changed
       checked boolean not null,
       whole boolean not null,
       -- the columns the warehouse was last made to fit
       fitted text,
       primary key (connection_id, object)
     )`,
    `create table new_field (
       connection_id uuid not null references connection (id) on delete cascade,
       object text not null,
       field text not null,
       decision text not null check (decision in ('waiting', 'copy', 'ignore')),
       seen_at timestamptz not null default now(),
       primary key (connection_id, object, field)
     )`,
  ]),
  defineMigration('0016-salesforce-calls', [
    `create table salesforce_call (
       id bigint generated always as identity primary key,
       connection_id uuid not null references connection (id) on delete cascade,
       run_id uuid,
       object text,
       method text not null,
       path text not null,
       purpose text not null,
       rows bigint,
       status integer not null,
       ms integer not null,
       api_used integer,
       at timestamptz not null default now()
     )`,
    'create index salesforce_call_newest on salesforce_call (connection_id, id desc)',
  ]),
  // Whether the org's setup was asked about an object's fields since it was described last.
  defineMigration('0027-explained-fields', ['alter table object_describe add column explained boolean not null default false']),
  // When the setup was asked; null when the description has changed since, or it never was.
  defineMigration('0028-explained-at', [
    'alter table object_describe add column explained_at timestamptz',
    'update object_describe set explained_at = now() where explained',
    'alter table object_describe drop column explained',
  ]),
  // Calls are named, ordered and forgotten by their time, so that those of several services make one list.
  defineMigration('0031-calls-by-time', [
    'drop index salesforce_call_newest',
    'alter table salesforce_call drop constraint salesforce_call_pkey',
    'alter table salesforce_call alter column id drop identity, alter column at drop default',
    `alter table salesforce_call alter column ms type bigint, alter column id type uuid using (
       lpad(to_hex((extract(epoch from at) * 1000)::bigint), 12, '0') || '7' || lpad(to_hex(id % 4096), 3, '0') || '8' || lpad(to_hex(id), 15, '0'))::uuid`,
    'alter table salesforce_call add primary key (connection_id, id), add column workspace_id uuid',
    'update salesforce_call k set workspace_id = c.workspace_id from connection c where c.id = k.connection_id',
    ...callIndexes,
    ...workspaceRowSecurity('salesforce_call'),
  ]),
];
