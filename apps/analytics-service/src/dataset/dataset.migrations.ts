import { defineMigration } from '@tributary/persistence';

/** Tables of datasets, oldest migration first. */
export const datasetMigrations = [
  defineMigration('0001-datasets', [
    `create table dataset (
       connection_id uuid not null,
       object text not null,
       version bigint not null,
       rows bigint not null,
       refreshed_at timestamptz not null,
       primary key (connection_id, object)
     )`,
    `create table erased_connection (
       connection_id uuid primary key,
       erased_at timestamptz not null
     )`,
  ]),
];
