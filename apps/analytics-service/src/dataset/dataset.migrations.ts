import { defineMigration, installationRowSecurity } from '@tributary/persistence';

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
  // No request of a person reads or writes here: what is asked is read from the warehouse and from copies.
  defineMigration('0002-installation-scope', ['dataset', 'erased_connection', 'outbox', 'inbox', 'dead_letter'].flatMap((table) => installationRowSecurity(table))),
];
