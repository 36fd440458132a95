import { defineMigration } from '@tributary/persistence';

export const erasureMigrations = [
  // What erasures left before.
  defineMigration('0037-erased-names', ['cursor_choice', 'formula_watch'].map((table) => `delete from ${table} t using connection c where c.id = t.connection_id and c.state = 'erased'`)),
];
