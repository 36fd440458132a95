import { Client } from 'pg';

/** Rows of one statement; identifiers must have been checked by the caller. */
export async function sql<Row extends Record<string, unknown>>(url: string, text: string, values: readonly unknown[] = []): Promise<Row[]> {
  return withDatabase(url, async (query) => query<Row>(text, values));
}

export type Query = <Row extends Record<string, unknown>>(text: string, values?: readonly unknown[]) => Promise<Row[]>;

/** Several statements on one connection. */
export async function withDatabase<T>(url: string, work: (query: Query) => Promise<T>): Promise<T> {
  const client = new Client({ connectionString: url });
  // A server that is killed meanwhile must fail the statement, not the process.
  client.on('error', () => undefined);
  await client.connect();
  try {
    return await work(async <Row extends Record<string, unknown>>(text: string, values: readonly unknown[] = []) => (await client.query<Row>(text, [...values])).rows);
  } finally {
    await client.end().catch(() => undefined);
  }
}
