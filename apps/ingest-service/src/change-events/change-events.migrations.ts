import { defineMigration } from '@tributary/persistence';

export const changeEventMigrations = [
  defineMigration('0020-change-events', [
    // Off unless its person wants it.
    'alter table connection add column change_events boolean not null default false',
    // Opened because of an event, not by the schedule.
    'alter table sync_run add column woken boolean not null default false',
    `create table change_stream (
       connection_id uuid not null references connection (id) on delete cascade,
       topic text not null,
       -- opaque; written in the transaction that notes what the events before it mean
       replay_id bytea,
       -- of whom the replay id is: another instance numbers anew
       instance_url text,
       state text not null default 'connecting' check (state in ('connecting', 'live', 'reconnecting', 'exhausted', 'not-offered')),
       reason text,
       -- when the stream last said something, keep-alives included
       heard_at timestamptz,
       event_at timestamptz,
       retry_at timestamptz,
       -- ends in a row without a word in between
       failures integer not null default 0,
       -- when every object may be read next because nobody can tell what changed
       all_due_at timestamptz,
       events bigint not null default 0,
       holes bigint not null default 0,
       lease_name text,
       lease_boot uuid,
       lease_until timestamptz,
       primary key (connection_id, topic)
     )`,
    `create table changed_object (
       connection_id uuid not null references connection (id) on delete cascade,
       object text not null,
       changed_at timestamptz not null default clock_timestamp(),
       -- when it may be read next
       due_at timestamptz not null default clock_timestamp(),
       -- records that are said to be deleted
       deleted_ids text[] not null default '{}',
       -- too much changed to tell: all rows are read again and all Ids compared
       resync boolean not null default false,
       primary key (connection_id, object)
     )`,
    'create index changed_object_due on changed_object (due_at)',
  ]),
];
