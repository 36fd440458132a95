import type { PoolClient } from 'pg';
import { CopyFailed } from '../engine/copy-failure.ts';
import type { DuckDbHost } from '../engine/duckdb-host.ts';
import type { CopyState } from '../engine/protocol.ts';
import type { Catalogue } from '../warehouse/catalogue.ts';
import { planMerge, type ObjectMerge } from './plan-merge.ts';
import { readCheck, readRows, readSources } from './read-source.ts';

/** An object that was brought up to a version. */
export interface MergedObject {
  readonly object: string;
  readonly version: bigint;
  /** Rows in the copy. */
  readonly rows: number;
}

/**
 * Brings a copy from its state to one moment of the warehouse, in one transaction of the copy.
 * @returns the objects that changed
 * @throws CopyFailed also when a table made anew does not equal its source
 */
export async function mergeInto(host: DuckDbHost, client: PoolClient, catalogue: Catalogue, state: readonly CopyState[]): Promise<readonly MergedObject[]> {
  const plan = planMerge(await readSources(client, catalogue, state), state);
  if (plan.merges.length === 0 && plan.dropped.length === 0) return [];
  await host.run({ do: 'begin', tables: plan.merges.map(({ table }) => table), dropped: plan.dropped });
  try {
    for (const merge of plan.merges) await sendRows(host, client, catalogue.schema, merge);
  } catch (error) {
    await host.run({ do: 'abort' }).catch(() => undefined);
    throw error;
  }
  const checks = await host.run({ do: 'commit', versions: Object.fromEntries(plan.merges.map(({ table, to }) => [table.object, to.toString()])) });
  for (const { table, to } of plan.merges.filter((merge) => merge.table.fresh)) {
    const wanted = await readCheck(client, catalogue.schema, table.table, to);
    const found = checks[table.object];
    if (found?.rows !== wanted.rows || found.versions !== wanted.versions) throw new CopyFailed(`the copy of ${table.object} has ${found?.rows ?? 0} rows, the warehouse ${wanted.rows}`);
  }
  return plan.merges.map(({ table, to }) => ({ object: table.object, version: to, rows: Number(checks[table.object]?.rows ?? 0) }));
}

/** The next rows are read while the last ones are merged. */
async function sendRows(host: DuckDbHost, client: PoolClient, schema: string, merge: ObjectMerge): Promise<void> {
  let sent: Promise<unknown> = Promise.resolve();
  for await (const columns of readRows(client, schema, merge)) {
    await sent;
    sent = host.run({ do: 'rows', object: merge.table.object, columns });
    // Awaited above or below; without this a failure in between would count as unhandled.
    sent.catch(() => undefined);
  }
  await sent;
}
