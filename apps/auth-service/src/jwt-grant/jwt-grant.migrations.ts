import { defineMigration } from '@tributary/persistence';

/** What assertions need of a connection besides its user and login address. */
export const jwtGrantMigrations = [defineMigration('0009-site-audience', ['alter table connection add column site text'])];
