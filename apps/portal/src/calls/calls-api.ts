import { ConnectionCalls, type CallPurpose } from '@tributary/api-contracts';
import { call, path, search } from '../shared/http.ts';

/** Which calls are wanted. */
export interface CallsWanted {
  readonly object?: string | undefined;
  readonly purpose?: CallPurpose | undefined;
}

export function readCalls(id: string, wanted: CallsWanted, before: string | undefined, limit: number, signal?: AbortSignal): Promise<ConnectionCalls> {
  return call(path`/api/connections/${id}/calls` + search({ ...wanted, before, limit }), { answer: ConnectionCalls, signal });
}
