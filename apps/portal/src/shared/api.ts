import {
  Catalogue, Connection, ConnectionList, Disconnected, MetricRegistry, QueryAnswer, RecordsAnswer, Session, SyncRun, SyncRunList, SyncRunStarted,
  type AnalyticsQueryInput,
} from '@tributary/api-contracts';
import { z } from 'zod';
import { ApiProblem, problemOfAnswer } from './problem.ts';

interface Call<Schema extends z.ZodType> {
  readonly method?: 'GET' | 'POST' | 'PUT' | 'DELETE';
  readonly body?: unknown;
  readonly answer: Schema;
  readonly signal?: AbortSignal | undefined;
}

/** Rows wanted from the record list. */
export interface RecordsQuery {
  readonly filter?: string | undefined;
  readonly sort?: string | undefined;
  readonly cursor?: string | undefined;
  readonly limit?: number | undefined;
}

/** Every call of the portal. Each throws `ApiProblem` and nothing else, except when its signal was aborted. */
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
  query: (id: string, query: AnalyticsQueryInput, signal?: AbortSignal) =>
    call(path`/api/connections/${id}/query`, { method: 'POST', body: query, answer: QueryAnswer, signal }),
};

async function call<Schema extends z.ZodType>(address: string, { method = 'GET', body, answer, signal }: Call<Schema>): Promise<z.output<Schema>> {
  const response = await reach(address, {
    method,
    headers: { Accept: 'application/json', ...(body === undefined ? {} : { 'Content-Type': 'application/json' }) },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    ...(signal === undefined ? {} : { signal }),
  });
  const received = await bodyOf(response);
  const correlationId = response.headers.get('x-tributary-correlation-id');
  if (!response.ok) throw problemOfAnswer(response.status, received, correlationId);
  const parsed = answer.safeParse(received);
  if (!parsed.success) throw new ApiProblem(response.status, 'ANSWER_INVALID', '', undefined, correlationId ?? undefined, { cause: parsed.error });
  return parsed.data;
}

async function reach(address: string, init: RequestInit): Promise<Response> {
  try {
    return await fetch(address, init);
  } catch (cause) {
    if (init.signal?.aborted) throw cause;
    throw new ApiProblem(0, navigator.onLine ? 'SERVER_UNREACHABLE' : 'OFFLINE', '', undefined, undefined, { cause });
  }
}

async function bodyOf(response: Response): Promise<unknown> {
  const text = await response.text();
  if (text === '') return undefined;
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

/** A path whose inserted parts are encoded. */
function path(parts: TemplateStringsArray, ...values: readonly string[]): string {
  return String.raw({ raw: parts }, ...values.map(encodeURIComponent));
}

function search(query: Readonly<Record<string, string | number | undefined>>): string {
  const given = new URLSearchParams();
  for (const [name, value] of Object.entries(query)) if (value !== undefined) given.set(name, String(value));
  return given.size === 0 ? '' : `?${given}`;
}
