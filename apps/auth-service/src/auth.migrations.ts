import { defineMigration } from '@tributary/persistence';
import { grantMigrations } from './grant/grant.migrations.ts';
import { jwtGrantMigrations } from './jwt-grant/jwt-grant.migrations.ts';
import { operationMigrations } from './operation/operation.migrations.ts';
import { auditMigrations } from './audit/audit.migrations.ts';
import { callMigrations } from './calls/calls.migrations.ts';
import { personMigrations, workspaceNameMigrations } from './person/person.migrations.ts';
import { signingKeyMigrations } from './signing-key/signing-key.migrations.ts';
import { ownWorkMigrations, workspaceScopeMigrations } from './person/workspace-scope.migrations.ts';

/** Tables of auth-service, oldest migration first. */
export const authMigrations = [
  defineMigration('0001-connections', [
    'create table installation (id uuid primary key, created_at timestamptz not null default now())',
    'create unique index installation_single on installation ((true))',
    'insert into installation (id) values (gen_random_uuid())',
    `create table workspace (
       id uuid primary key,
       org_id text not null unique,
       name text not null,
       created_at timestamptz not null
     )`,
    `create table person (
       id uuid primary key,
       workspace_id uuid not null references workspace,
       org_id text not null,
       user_id text not null,
       name text not null,
       email text,
       role text not null check (role in ('owner', 'analyst', 'viewer')),
       created_at timestamptz not null,
       last_sign_in_at timestamptz not null,
       unique (org_id, user_id)
     )`,
    `create table connection (
       id uuid primary key,
       workspace_id uuid not null references workspace,
       person_id uuid not null references person,
       org_id text not null,
       user_id text not null,
       name text not null,
       org_kind text not null,
       user_name text not null,
       username text not null,
       state text not null check (state in ('pending_consent', 'exchanging', 'active', 'refreshing', 'refresh_uncertain', 'degraded', 'held', 'needs_admin',
         'needs_reconsent', 'paused', 'disconnecting', 'disconnected', 'purged')),
       attention_cause text,
       attention_who text,
       attention_text text,
       attention_since timestamptz,
       instance_url text not null,
       login_origin text not null,
       data_after text check (data_after in ('keep', 'erase')),
       failures integer not null default 0,
       next_check_at timestamptz,
       created_at timestamptz not null,
       changed_at timestamptz not null
     )`,
    "create unique index connection_of_user on connection (workspace_id, org_id, user_id) where state <> 'purged'",
    'create index connection_person on connection (person_id, created_at desc)',
    'create index connection_next_check on connection (next_check_at) where next_check_at is not null',
    `create table oauth_grant (
       id uuid primary key,
       connection_id uuid not null references connection,
       workspace_id uuid not null,
       kind text not null check (kind in ('user', 'jwt')),
       state text not null check (state in ('live', 'dead', 'superseded', 'revoked')),
       epoch integer not null check (epoch > 0),
       refresh_epoch integer not null,
       flow text not null,
       login_origin text not null,
       scopes text not null,
       access_hash text not null,
       issued_at timestamptz not null,
       created_at timestamptz not null,
       refreshed_at timestamptz not null,
       refresh_count integer not null default 0,
       rotates boolean,
       lease_owner text,
       lease_until timestamptz,
       intent_epoch integer,
       intent_at timestamptz,
       intent_rt_hash text,
       ended_at timestamptz,
       ended_because text
     )`,
    "create unique index oauth_grant_live on oauth_grant (connection_id, kind) where state = 'live'",
    'create index oauth_grant_connection on oauth_grant (connection_id)',
    "create index oauth_grant_keep_alive on oauth_grant (refreshed_at) where state = 'live'",
    "create index oauth_grant_intent on oauth_grant (lease_until) where state = 'live' and intent_epoch is not null",
    `create table vault_key (
       owner_id uuid primary key,
       kek_id text not null,
       wrapped bytea not null
     )`,
    `create table vault_entry (
       owner_id uuid not null references vault_key on delete cascade,
       field text not null,
       epoch integer not null,
       sealed bytea not null,
       primary key (owner_id, field, epoch)
     )`,
    `create table revocation (
       id uuid primary key,
       connection_id uuid not null references connection,
       workspace_id uuid not null,
       login_origin text not null,
       ends_connection boolean not null,
       attempts integer not null default 0,
       next_at timestamptz not null,
       give_up_at timestamptz not null
     )`,
    'create index revocation_next on revocation (next_at)',
    `create table login_transaction (
       id uuid primary key,
       state_hash text not null unique,
       browser_hash text not null,
       login_origin text not null,
       return_path text not null,
       person_id uuid,
       created_at timestamptz not null,
       expires_at timestamptz not null
     )`,
    'create index login_transaction_expires on login_transaction (expires_at)',
    `create table sign_in_ticket (
       ticket_hash text primary key,
       person_id uuid not null references person,
       connection_id uuid not null references connection,
       expires_at timestamptz not null
     )`,
    `create table lease (
       jti uuid primary key,
       asker text not null,
       connection_id uuid not null,
       purpose text not null,
       run_id uuid,
       rejected_epoch integer,
       epoch integer,
       asked_at timestamptz not null default now()
     )`,
    'create index lease_asked_at on lease (asked_at)',
    `create table audit_entry (
       id bigint generated always as identity primary key,
       workspace_id uuid not null,
       connection_id uuid not null,
       person_id uuid,
       at timestamptz not null,
       kind text not null,
       text text not null,
       cause text,
       correlation_id uuid
     )`,
    'create index audit_entry_connection on audit_entry (connection_id, id desc)',
  ]),
  ...signingKeyMigrations,
  ...workspaceScopeMigrations,
  ...auditMigrations,
  ...personMigrations,
  ...grantMigrations,
  ...operationMigrations,
  ...jwtGrantMigrations,
  ...ownWorkMigrations,
  ...callMigrations,
  ...workspaceNameMigrations,
];
