import { Client } from 'pg';

/** Rows of one statement; identifiers must have been checked by the caller. */
export async function sql<Row extends Record<string, unknown>>(url: string, text: string, values: readonly unknown[] = []): Promise<Row[]> {
  const client = new Client({ connectionString: url });
  // A server that is killed meanwhile must fail the statement, not the process.
  client.on('error', () => undefined);
  await client.connect();
  try {
    return (await client.query<Row>(text, [...values])).rows;
  } finally {
    await client.end().catch(() => undefined);
  }
}
