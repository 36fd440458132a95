import { defineMigration, workspaceRowSecurity } from '@tributary/persistence';

/** Signing keys belong to the app and thus to the installation; what is known of each way in belongs to its connection. */
export const signingKeyMigrations = [
  defineMigration('0002-signing-keys', [
    "alter table connection add column policy text not null default 'user' check (policy in ('user', 'jwt', 'hybrid'))",
    `create table signing_key (
       id uuid primary key,
       state text not null check (state in ('created', 'offered', 'current', 'retiring', 'retired', 'destroyed', 'expired')),
       origin text not null check (origin in ('generated', 'imported')),
       bits integer not null,
       fingerprint text not null unique,
       serial_number text not null,
       subject text not null,
       certificate text not null,
       not_before timestamptz not null,
       not_after timestamptz not null,
       created_at timestamptz not null,
       made_by uuid,
       made_in uuid,
       retiring_since timestamptz,
       last_used_at timestamptz
     )`,
    "create unique index signing_key_current on signing_key ((true)) where state = 'current'",
    `create table signing_key_notice (
       key_id uuid not null references signing_key,
       connection_id uuid not null references connection,
       days integer not null,
       told_at timestamptz not null,
       primary key (key_id, connection_id, days)
     )`,
    `create table way_use (
       connection_id uuid not null references connection,
       workspace_id uuid not null,
       kind text not null check (kind in ('user', 'jwt')),
       last_used_at timestamptz not null,
       last_purpose text not null check (last_purpose in ('interactive', 'background')),
       last_flow text not null,
       last_reason text not null,
       primary key (connection_id, kind)
     )`,
    ...workspaceRowSecurity('way_use'),
  ]),
];
