import { defineMigration, workspaceRowSecurity } from '@tributary/persistence';

/** People of any provider, their rights, invitations and sharing. */
export const personMigrations = [
  defineMigration('0004-people', [
    'alter table workspace alter column org_id drop not null',
    'alter table person add column issuer text, add column subject text, add column disabled_at timestamptz, add column sessions_valid_from timestamptz',
    "update person set issuer = 'salesforce', subject = org_id || ':' || user_id",
    'alter table person alter column issuer set not null, alter column subject set not null, alter column org_id drop not null, alter column user_id drop not null',
    'alter table person drop constraint person_org_id_user_id_key, add constraint person_key unique (issuer, subject)',
    'create index person_workspace on person (workspace_id)',
    "alter table connection add column visibility text not null default 'private' check (visibility in ('private', 'workspace'))",
    `create table invitation (
       id uuid primary key,
       workspace_id uuid not null references workspace,
       token_hash text not null unique,
       note text not null,
       role text not null check (role in ('owner', 'analyst', 'viewer')),
       invited_by uuid not null references person,
       created_at timestamptz not null,
       expires_at timestamptz not null,
       accepted_at timestamptz,
       accepted_by uuid references person
     )`,
    'create index invitation_workspace on invitation (workspace_id, created_at desc)',
    ...workspaceRowSecurity('invitation'),
    'alter table sign_in_ticket alter column connection_id drop not null, add column authenticated_at timestamptz not null default now()',
    "alter table login_transaction add column provider text not null default 'salesforce'",
  ]),
  defineMigration('0006-sign-in-proof', [`alter table sign_in_ticket add column proof jsonb not null default '{"methods":[],"context":null,"secondFactor":null}'`]),
];

/** Whether a workspace still has the name it was made with. */
export const workspaceNameMigrations = [
  defineMigration('0013-workspace-name', ["alter table workspace add column name_origin text not null default 'address' check (name_origin in ('address', 'org', 'owner'))"]),
];
