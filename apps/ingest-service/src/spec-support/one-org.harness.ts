import type { Simulator } from '@tributary/salesforce-simulator';
import { until } from '@tributary/testing';
import type { IngestHarness } from './ingest.harness.ts';

let connections = 0;

/**
 * First runs of further connections to the one org, which by its id are of different ones, so that several processes work for it.
 * @param settings of their sync; the usual ones where none are given
 * @returns ids of the connections
 */
export async function connectMore(ingest: IngestHarness, count: number, objects: readonly string[], settings?: object): Promise<string[]> {
  const ids = Array.from({ length: count }, () => `0199aa00-0000-7000-8000-0000000020${String((connections += 1)).padStart(2, '0')}`);
  for (const id of ids) ingest.auth.publishAuthorized(id);
  const selection = JSON.stringify({ objects: objects.map((name) => ({ name })) });
  const chosen = 'update ingest.connection set selection = $2, sync_settings = coalesce($3::jsonb, sync_settings) where id = any($1) returning id';
  await until('the connections', async () => (await ingest.rows(chosen, [ids, selection, settings === undefined ? null : JSON.stringify(settings)])).length === count, 30_000);
  for (const [number, id] of ids.entries()) ingest.auth.publishTokenReady(id, `00D${String(number).padStart(12, '0')}EAA`);
  return ids;
}

/** Calls that Salesforce counts. */
export function callsMade({ log }: Pick<Simulator, 'log'>): number {
  return log.entries().filter(({ path }) => path.startsWith('/services/data/')).length;
}

/** Lets the org allow so many calls that Tributary may make just as many more: 80 % are its ceiling. */
export function allowCalls(simulator: Pick<Simulator, 'log' | 'settings'>, more: number): void {
  simulator.settings.dailyApiRequests = Math.ceil((simulator.settings.apiRequestsUsed + callsMade(simulator) + more) / 0.8);
}
