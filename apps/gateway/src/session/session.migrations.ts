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
  defineMigration('0004-own-sessions', [
    'alter table session add column public_id uuid not null default gen_random_uuid() unique, add column browser text not null default \'\', add column issued_at timestamptz',
    'update session set issued_at = opened_at',
    'alter table session alter column issued_at set not null',
    'create index session_person on session (person_id)',
    // Sessions of a person made before this instant count no more: their rights have changed.
    `create table session_floor (
       person_id uuid primary key,
       workspace_id uuid not null,
       valid_from timestamptz not null
     )`,
    ...workspaceRowSecurity('session_floor'),
    'create table rate_limit (key varchar(255) primary key, points integer not null default 0, expire bigint)',
    'create index rate_limit_expire on rate_limit (expire)',
  ]),
  defineMigration('0005-sign-in-proof', [`alter table session add column proof jsonb not null default '{"methods":[],"context":null,"secondFactor":null}'`]),
];
