import type { EntityManager } from '@mikro-orm/postgresql';
import type { QueryResultRow } from 'pg';
import type { Sql } from './sql.ts';

/** The entity manager's present transaction as `Sql`. */
export function sqlOf(em: EntityManager): Sql {
  return {
    async query<Row extends QueryResultRow>(text: string, values: unknown[] = []): Promise<{ rows: Row[] }> {
      const used: unknown[] = [];
      const numbered = text.replace(/\$(\d+)/g, (_mark, number: string) => {
        used.push(values[Number(number) - 1]);
        return '?';
      });
      return { rows: await em.execute<Row[]>(numbered, used, 'all') };
    },
  };
}
