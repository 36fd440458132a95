import type { EntityManager } from '@mikro-orm/postgresql';

/** The database's clock. What its statements compare with `now()` is dated by it, whatever the clock of this machine says. */
export async function databaseNow(em: EntityManager): Promise<Date> {
  const [row] = await em.execute<{ ms: number }[]>('select (extract(epoch from now()) * 1000)::float8 as ms', [], 'all');
  if (row === undefined) throw new Error('the database does not tell its time');
  return new Date(row.ms);
}
