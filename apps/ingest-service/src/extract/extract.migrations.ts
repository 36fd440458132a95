import { defineMigration } from '@tributary/persistence';

export const extractMigrations = [defineMigration('0008-extract-deleted', ['alter table extract_job add column deleted bigint not null default 0'])];
