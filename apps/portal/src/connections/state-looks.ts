import type { Connection, ConnectionState, SyncRunSummary } from '@tributary/api-contracts';
import type { StateLook } from '../shared/tone.ts';

/** Only a connection whose access works is green. */
export const stateLooks: Readonly<Record<ConnectionState, StateLook>> = {
  pending_consent: { tone: 'off', icon: 'i-lucide-hourglass' },
  exchanging: { tone: 'busy', icon: 'i-lucide-loader-circle' },
  active: { tone: 'ok', icon: 'i-lucide-circle-check' },
  refreshing: { tone: 'busy', icon: 'i-lucide-refresh-cw' },
  refresh_uncertain: { tone: 'warn', icon: 'i-lucide-circle-help' },
  degraded: { tone: 'warn', icon: 'i-lucide-circle-alert' },
  held: { tone: 'warn', icon: 'i-lucide-circle-pause' },
  needs_admin: { tone: 'bad', icon: 'i-lucide-shield-alert' },
  needs_reconsent: { tone: 'bad', icon: 'i-lucide-unplug' },
  paused: { tone: 'off', icon: 'i-lucide-circle-pause' },
  disconnecting: { tone: 'busy', icon: 'i-lucide-loader-circle' },
  disconnected: { tone: 'off', icon: 'i-lucide-unplug' },
  purged: { tone: 'off', icon: 'i-lucide-trash-2' },
};

/** Only a run whose receipts agree is green. */
export const runLooks: Readonly<Record<SyncRunSummary['status'], StateLook>> = {
  running: { tone: 'busy', icon: 'i-lucide-refresh-cw' },
  complete: { tone: 'ok', icon: 'i-lucide-circle-check' },
  partial: { tone: 'warn', icon: 'i-lucide-circle-alert' },
  failed: { tone: 'bad', icon: 'i-lucide-circle-x' },
};

const quiet: readonly ConnectionState[] = ['active', 'refreshing', 'exchanging', 'disconnecting', 'purged'];

/** Whether somebody has to know or do something: in a state with trouble, or while one of the ways in is gone. */
export function needsBanner({ state, attention }: Pick<Connection, 'state' | 'attention'>): boolean {
  return attention !== null || !quiet.includes(state);
}

/** Whether a fresh consent of the person brings the connection back or can do no harm. */
export function canReconnect({ state }: Connection): boolean {
  return state !== 'purged' && state !== 'disconnecting';
}

/** Whether asking for a sync run makes sense. */
export function canSync({ state }: Connection): boolean {
  return state === 'active' || state === 'refreshing' || state === 'degraded' || state === 'refresh_uncertain';
}

export function canDisconnect({ state }: Connection): boolean {
  return state !== 'purged' && state !== 'disconnecting';
}

/** Whether reading can be paused; a connection that is paused offers in its banner to go on. */
export function canPause({ state }: Connection): boolean {
  return state === 'active' || state === 'refreshing' || state === 'degraded' || state === 'held';
}
