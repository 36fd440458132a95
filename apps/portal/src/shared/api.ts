import {
  Catalogue, Connection, ConnectionList, Disconnected, MetricRegistry, RecordsAnswer, Session, SyncRun, SyncRunList, SyncRunStarted,
} from '@tributary/api-contracts';
import { z } from 'zod';
import { askTogether } from './ask-together.ts';
import { call, path, search } from './http.ts';

/** Rows wanted from the record list. */
export interface RecordsQuery {
  readonly filter?: string | undefined;
  readonly sort?: string | undefined;
  readonly cursor?: string | undefined;
  readonly limit?: number | undefined;
}

/** The calls every page may need; pages of their own kind bring theirs. Each throws `ApiProblem` and nothing else, except when its signal was aborted. */
export const api = {
  session: (signal?: AbortSignal) => call('/api/session', { answer: Session, signal }),
  signOut: () => call('/api/session', { method: 'DELETE', answer: z.undefined() }),
  connections: (signal?: AbortSignal) => call('/api/connections', { answer: ConnectionList, signal }),
  connection: (id: string, signal?: AbortSignal) => call(path`/api/connections/${id}`, { answer: Connection, signal }),
  disconnect: (id: string, data: 'keep' | 'erase') => call(`${path`/api/connections/${id}`}?data=${data}`, { method: 'DELETE', answer: Disconnected }),
  objects: (id: string, signal?: AbortSignal) => call(path`/api/connections/${id}/objects`, { answer: Catalogue, signal }),
  startSync: (id: string) => call(path`/api/connections/${id}/sync-runs`, { method: 'POST', answer: SyncRunStarted }),
  syncRuns: (id: string, limit: number, signal?: AbortSignal) => call(`${path`/api/connections/${id}/sync-runs`}?limit=${limit}`, { answer: SyncRunList, signal }),
  syncRun: (id: string, runId: string, signal?: AbortSignal) => call(path`/api/connections/${id}/sync-runs/${runId}`, { answer: SyncRun, signal }),
  records: (id: string, object: string, query: RecordsQuery, signal?: AbortSignal) =>
    call(path`/api/connections/${id}/records/${object}` + search({ ...query }), { answer: RecordsAnswer, signal }),
  metrics: (signal?: AbortSignal) => call('/api/metrics', { answer: MetricRegistry, signal }),
  query: askTogether,
};
