import { defineMigration } from '@tributary/persistence';

export const extractMigrations = [
  defineMigration('0008-extract-deleted', ['alter table extract_job add column deleted bigint not null default 0']),
  defineMigration('0013-cursor-choice', [
    `create table cursor_choice (
       connection_id uuid not null references connection (id) on delete cascade,
       object text not null,
       choice jsonb not null,
       primary key (connection_id, object)
     )`,
  ]),
];
