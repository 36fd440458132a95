import type { ConnectionState } from '@tributary/api-contracts';

/** What can happen to a connection. */
export const triggers = [
  'consent-denied', 'consent-expired', 'consented', 'tokens-stored', 'exchange-unknown', 'check-failed',
  'refresh-started', 'refreshed', 'refresh-unavailable', 'refresh-lost', 'refresh-abandoned',
  'grant-rejected', 'admin-needed', 'held', 'quarantined', 'vault-unreadable', 'recovered',
  'paused', 'resumed', 'disconnect', 'revoked', 'erased',
] as const;
export type Trigger = (typeof triggers)[number];

/** Every allowed step. What is not here is refused. */
const steps: Readonly<Record<ConnectionState, Partial<Record<Trigger, ConnectionState>>>> = {
  pending_consent: { 'consent-denied': 'disconnected', 'consent-expired': 'disconnected', consented: 'exchanging' },
  exchanging: { 'tokens-stored': 'active', 'exchange-unknown': 'pending_consent', 'check-failed': 'disconnected' },
  active: { ...whileLive(), 'refresh-started': 'refreshing', paused: 'paused' },
  refreshing: { ...whileLive(), 'refresh-started': 'refreshing', refreshed: 'active', 'refresh-abandoned': 'active' },
  refresh_uncertain: { ...whileLive(), 'refresh-started': 'refresh_uncertain', refreshed: 'active', recovered: 'active' },
  degraded: { ...whileLive(), 'refresh-started': 'refreshing', refreshed: 'active', recovered: 'active' },
  held: { ...whileLive(), 'refresh-started': 'held', refreshed: 'active', recovered: 'active' },
  needs_admin: { ...whileLive(), 'refresh-started': 'needs_admin', refreshed: 'active', recovered: 'active' },
  needs_reconsent: { consented: 'exchanging', disconnect: 'disconnecting' },
  // Keep-alive goes on while paused, so a refresh leaves the person's wish as it is.
  paused: { consented: 'exchanging', disconnect: 'disconnecting', resumed: 'active', 'refresh-started': 'paused', refreshed: 'paused', 'refresh-abandoned': 'paused', 'grant-rejected': 'needs_reconsent', 'admin-needed': 'needs_admin', quarantined: 'needs_admin', 'vault-unreadable': 'needs_admin', 'refresh-unavailable': 'paused', 'refresh-lost': 'refresh_uncertain', held: 'paused' },
  disconnecting: { revoked: 'disconnected' },
  disconnected: { consented: 'exchanging', erased: 'purged' },
  purged: {},
};

/** What can happen to any connection that holds a grant. */
function whileLive(): Partial<Record<Trigger, ConnectionState>> {
  return {
    consented: 'exchanging',
    'refresh-unavailable': 'degraded',
    'refresh-lost': 'refresh_uncertain',
    'grant-rejected': 'needs_reconsent',
    'admin-needed': 'needs_admin',
    held: 'held',
    quarantined: 'needs_admin',
    'vault-unreadable': 'needs_admin',
    disconnect: 'disconnecting',
  };
}

/** The state after a trigger; undefined when the trigger is not allowed in this state. */
export function nextState(state: ConnectionState, trigger: Trigger): ConnectionState | undefined {
  return steps[state][trigger];
}

/** States in which access tokens are handed out. */
const leasing: ReadonlySet<ConnectionState> = new Set(['active', 'refreshing', 'refresh_uncertain', 'degraded']);

/** Whether a service may have an access token of a connection in this state. */
export function mayLease(state: ConnectionState): boolean {
  return leasing.has(state);
}

/** States in which somebody, or time, has to repair the connection. */
const attentive: ReadonlySet<ConnectionState> = new Set(['refresh_uncertain', 'degraded', 'held', 'needs_admin', 'needs_reconsent']);

export function needsAttention(state: ConnectionState): boolean {
  return attentive.has(state);
}
