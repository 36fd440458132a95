import { defineMigration } from '@tributary/persistence';

/** How many refreshes may be under way at once in the whole installation. */
export const refreshSlots = 10;

/** What refreshing needs besides the grants themselves. */
export const grantMigrations = [
  defineMigration('0003-refresh', [
    'alter table oauth_grant add column shortest_life_ms integer',
    'alter table oauth_grant add column uncertain_at timestamptz',
    'create table refresh_slot (slot smallint primary key, owner text, until timestamptz)',
    `insert into refresh_slot (slot) select generate_series(1, ${refreshSlots})`,
    `create table refresh_stop (
       kind text primary key check (kind in ('app', 'mass', 'restore')),
       cause text not null,
       text text not null,
       since timestamptz not null default now(),
       until timestamptz,
       lifted_at timestamptz
     )`,
    `create table presented_token (
       token_hash text not null,
       grant_id uuid not null,
       epoch integer not null,
       presented_at timestamptz not null default now(),
       replaced boolean not null default false,
       primary key (token_hash, epoch)
     )`,
    'create index presented_token_at on presented_token (presented_at)',
    `create table final_verdict (
       grant_id uuid primary key,
       connection_id uuid not null,
       org_id text not null,
       at timestamptz not null default now()
     )`,
    'create index final_verdict_at on final_verdict (at)',
    'alter table installation add column generation bigint not null default 0',
    'alter table installation add column not_issued_before timestamptz',
    'create table instance (id text primary key, seen_at timestamptz not null default now())',
  ]),
  defineMigration('0007-keep-alive-index', [
    // While PostgreSQL has no statistics it takes any index whose condition a look-up meets for as good as the key, and reads all live grants
    // for each lease: this condition only the keep-alive meets.
    'drop index oauth_grant_keep_alive',
    "create index oauth_grant_keep_alive on oauth_grant (refreshed_at) where state = 'live' and kind = 'user' and ended_at is null",
  ]),
  defineMigration('0010-egress-addresses', ['create table egress_address (address text primary key, listed_at timestamptz not null default now(), changed boolean not null)']),
];
