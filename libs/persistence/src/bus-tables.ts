import { defineMigration } from './migration-script.ts';

/** Outbox, inbox and dead letters; first migration of every service that publishes or consumes events. */
export const busTables = defineMigration('0000-bus-tables', [
  `create table outbox (
     id bigint generated always as identity primary key,
     event_id uuid not null unique,
     aggregate text not null,
     subject text not null,
     payload jsonb not null,
     created_at timestamptz not null default now(),
     published_at timestamptz,
     stream_seq bigint,
     stream_epoch timestamptz
   )`,
  'create index outbox_unpublished on outbox (id) where published_at is null',
  'create index outbox_published_at on outbox (published_at) where published_at is not null',
  `create table inbox (
     consumer text not null,
     event_id uuid not null,
     processed_at timestamptz not null default now(),
     primary key (consumer, event_id)
   )`,
  'create index inbox_processed_at on inbox (processed_at)',
  `create table dead_letter (
     id bigint generated always as identity primary key,
     consumer text not null,
     stream_seq bigint not null,
     event_id text,
     subject text not null,
     payload text not null,
     code text not null,
     error text not null,
     attempts integer not null,
     given_up_at timestamptz not null default now(),
     unique (consumer, stream_seq, given_up_at)
   )`,
]);
