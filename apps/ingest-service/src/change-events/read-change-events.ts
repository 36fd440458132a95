import type { ChangeEvents } from '@tributary/api-contracts';
import type { Sql } from '../sql.ts';
import type { StreamState } from './stream-course.ts';

interface StreamRow {
  readonly [column: string]: unknown;
  readonly id: string;
  readonly change_events: boolean;
  readonly rests: 'paused' | 'consent-required' | null;
  readonly state: StreamState | null;
  readonly reason: string | null;
  readonly followed: boolean;
  readonly retry_at: Date | null;
  readonly heard_at: Date | null;
  readonly event_at: Date | null;
  readonly events: string | null;
  readonly holes: string | null;
}

/** How the change events of connections stand, by connection id. */
export async function readChangeEvents(sql: Sql, ids: readonly string[]): Promise<Map<string, ChangeEvents>> {
  const { rows } = await sql.query<StreamRow>(
    `select c.id, c.change_events, case when c.paused then 'paused' when c.token_state <> 'ready' then 'consent-required' end as rests, s.state, s.reason, coalesce(s.lease_until > now(), false) as followed, s.retry_at, s.heard_at, s.event_at, s.events, s.holes
       from connection c left join change_stream s on s.connection_id = c.id where c.id = any($1::uuid[])`, [ids]);
  return new Map(rows.map((row) => [row.id, changeEventsOf(row)]));
}

function changeEventsOf(row: StreamRow): ChangeEvents {
  const state = stateOf(row);
  const fallenBack = state === 'fallen-back';
  return {
    state,
    cause: fallenBack ? causeOf(row) : null,
    reason: fallenBack ? (row.rests === null ? (row.reason ?? 'No process follows the stream at the moment.') : restingText[row.rests]) : null,
    retryAt: fallenBack ? (row.retry_at?.toISOString() ?? null) : null,
    heardAt: row.heard_at?.toISOString() ?? null,
    lastEventAt: row.event_at?.toISOString() ?? null,
    events: Number(row.events ?? 0),
    gaps: Number(row.holes ?? 0),
  };
}

const restingText = { paused: 'The connection is paused.', 'consent-required': 'The connection waits for its person to connect it again.' } as const;

function causeOf({ rests, state }: StreamRow): ChangeEvents['cause'] {
  if (rests !== null) return rests;
  return state === 'exhausted' ? 'allocation-used-up' : state === 'not-offered' ? 'not-offered' : 'interrupted';
}

function stateOf({ change_events: wanted, rests, state, followed }: StreamRow): ChangeEvents['state'] {
  if (!wanted) return 'off';
  if (rests !== null) return 'fallen-back';
  switch (state) {
    case null: case 'connecting': return 'connecting';
    case 'live': return followed ? 'following' : 'fallen-back';
    case 'reconnecting': case 'exhausted': case 'not-offered': return 'fallen-back';
    default: return state satisfies never;
  }
}
