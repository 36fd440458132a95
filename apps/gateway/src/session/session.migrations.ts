import { defineMigration } from '@tributary/persistence';

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
];
