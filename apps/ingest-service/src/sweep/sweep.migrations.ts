import { defineMigration } from '@tributary/persistence';

export const sweepMigrations = [
  defineMigration('0010-sweep', [
    'alter table extract_job add column parts jsonb',
    `create table delete_watch (
       connection_id uuid not null references connection (id) on delete cascade,
       object text not null,
       -- deletions before this instant of Salesforce's clock are known
       covered_until timestamptz,
       -- when all Ids were last compared, by Salesforce's clock
       swept_at timestamptz not null,
       counted_at timestamptz not null,
       -- a gap in the list of deletions asks for a comparison now
       sweep_due boolean not null default false,
       sources text[] not null default '{}',
       outcome text,
       primary key (connection_id, object)
     )`,
  ]),
  defineMigration('0011-held-deletions', [
    `create table held_deletion (
       connection_id uuid not null references connection (id) on delete cascade,
       object text not null,
       -- in order, so that the same rows are known again
       ids text[] not null,
       stored_rows bigint not null,
       found_at timestamptz not null default now(),
       confirmed_at timestamptz,
       confirmed_by uuid,
       primary key (connection_id, object)
     )`,
  ]),
];
