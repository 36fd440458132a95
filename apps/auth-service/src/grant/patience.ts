import type { Trigger } from '../connection/connection-machine.ts';
import type { Connection } from '../connection/connection.entity.ts';

const degradedAtMostMs = 24 * 60 * 60_000;
const heldAtMostMs = 14 * 24 * 60 * 60_000;

/**
 * What was to pass by itself and did not: somebody has to look, and it stays theirs until it has passed.
 * A trouble is as old as its attention, which a refresh under way does not end.
 */
export function outOfPatience({ state, attentionCause, attentionSince }: Pick<Connection, 'state' | 'attentionCause' | 'attentionSince'>, trigger: Trigger, now: Date): 'degraded-too-long' | 'held-too-long' | undefined {
  const waitedMs = now.getTime() - (attentionSince ?? now).getTime();
  if (trigger === 'refresh-unavailable') {
    const degraded = state === 'degraded' || state === 'refreshing';
    return attentionCause === 'degraded-too-long' || (degraded && waitedMs > degradedAtMostMs) ? 'degraded-too-long' : undefined;
  }
  if (trigger !== 'held') return undefined;
  return attentionCause === 'held-too-long' || (state === 'held' && waitedMs > heldAtMostMs) ? 'held-too-long' : undefined;
}
