import { defineMigration } from '@tributary/persistence';

export const formulaMigrations = [
  defineMigration('0021-formula-watch', [
    `create table formula_watch (
       connection_id uuid not null references connection (id) on delete cascade,
       object text not null,
       -- Salesforce's clock when all formulas of the object were last read
       whole_at timestamptz,
       -- a definition changed: what is stored was made by another formula
       whole_due boolean not null default false,
       -- version of each parent up to which its changes have been followed
       seen jsonb not null default '{}',
       -- the window after which a reading of all formulas began
       after_receipt uuid,
       primary key (connection_id, object)
     )`,
    // What is kept of descriptions lacks formulas and relationships.
    'update object_describe set checked = false, whole = true, fitted = null',
  ]),
];
