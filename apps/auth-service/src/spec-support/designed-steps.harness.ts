import type { ConnectionState } from '@tributary/api-contracts';
import type { Trigger } from '../connection/connection-machine.ts';

type Row = readonly [why: string, from: readonly ConnectionState[], trigger: Trigger, to: ConnectionState];

const live: readonly ConnectionState[] = ['active', 'refreshing', 'refresh_uncertain', 'degraded', 'held', 'needs_admin', 'needs_reconsent', 'paused'];
const repairing: readonly ConnectionState[] = ['refresh_uncertain', 'degraded', 'held', 'needs_admin'];

/** Section 3 of the design of tokens and security, row by row; written from the document, never from the code. */
const designed: readonly Row[] = [
  ['pending_consent: denied', ['pending_consent'], 'consent-denied', 'disconnected'],
  ['pending_consent: expired', ['pending_consent'], 'consent-expired', 'disconnected'],
  ['pending_consent: valid callback', ['pending_consent'], 'consented', 'exchanging'],
  ['exchanging: tokens, host, org, scope and signature valid', ['exchanging'], 'tokens-stored', 'active'],
  ['exchanging: outcome unknown', ['exchanging'], 'exchange-unknown', 'pending_consent'],
  ['exchanging: host, org or scope check fails', ['exchanging'], 'check-failed', 'disconnected'],
  ['active: 401, refresh due, keep-alive due', ['active'], 'refresh-started', 'refreshing'],
  ['refreshing: 200', ['refreshing'], 'refreshed', 'active'],
  ['refreshing: 5xx, timeout, DNS, TCP, TLS before send', ['refreshing'], 'refresh-unavailable', 'degraded'],
  ['refreshing: lost after send', ['refreshing'], 'refresh-lost', 'refresh_uncertain'],
  ['refreshing: token request is already being processed', ['refreshing'], 'refresh-started', 'refreshing'],
  ['refreshing, refresh_uncertain: invalid_grant, no other way in', ['refreshing', 'refresh_uncertain'], 'grant-rejected', 'needs_reconsent'],
  ['refreshing: app blocked, uninstalled, not pre-authorised, API disabled', ['refreshing'], 'admin-needed', 'needs_admin'],
  ['refreshing: invalid_client leaves the connection as it was', ['refreshing'], 'refresh-abandoned', 'active'],
  ['refreshing: ip restricted, login hours, org locked; active: daily quota', ['refreshing', 'active'], 'held', 'held'],
  ['refresh_uncertain: present AT still works', ['refresh_uncertain'], 'refresh-started', 'refresh_uncertain'],
  ['refresh_uncertain: escrow replayed, probe or JWT ok; degraded: probe ok; held: resumes', ['refresh_uncertain', 'degraded', 'held'], 'recovered', 'active'],
  ['degraded longer than 24 h, held longer than 14 days', ['degraded', 'held'], 'admin-needed', 'needs_admin'],
  ['active: pause', ['active'], 'paused', 'paused'],
  ['paused: resume', ['paused'], 'resumed', 'active'],
  ['paused: keep-alive continues', ['paused'], 'refresh-started', 'paused'],
  ['paused: keep-alive continues', ['paused'], 'refreshed', 'paused'],
  ['needs_*, held, degraded, paused, refresh_uncertain: consents again', ['needs_admin', 'needs_reconsent', 'held', 'degraded', 'paused', 'refresh_uncertain'], 'consented', 'exchanging'],
  ['active, refreshing: identity differs', ['active', 'refreshing'], 'quarantined', 'needs_admin'],
  ['any live: disconnect', live, 'disconnect', 'disconnecting'],
  ['disconnecting: revoked', ['disconnecting'], 'revoked', 'disconnected'],
  ['disconnected: erase request or retention end', ['disconnected'], 'erased', 'purged'],
  ['any that holds something sealed: decrypt failure', ['active', 'refreshing', 'refresh_uncertain', 'degraded', 'held', 'needs_admin', 'paused'], 'vault-unreadable', 'needs_admin'],
];

/** What the document leaves open and other sections ask for. */
const implied: readonly Row[] = [
  ['A13: a reconnect updates the same connection, also one that works', ['active', 'refreshing'], 'consented', 'exchanging'],
  ['no path from disconnected to active but through exchanging', ['disconnected'], 'consented', 'exchanging'],
  ['a recheck is a refresh; the state stays until it is answered', ['held'], 'refresh-started', 'held'],
  ['a recheck is a refresh; the state stays until it is answered', ['needs_admin'], 'refresh-started', 'needs_admin'],
  ['a recheck is a refresh', ['degraded'], 'refresh-started', 'refreshing'],
  ['a recheck that succeeds', repairing, 'refreshed', 'active'],
  ['what an administrator has mended', ['needs_admin'], 'recovered', 'active'],
  ['a recheck, or an assertion without a refresh, ends like a refresh', ['active', ...repairing], 'refresh-unavailable', 'degraded'],
  ['a recheck, or an assertion without a refresh, ends like a refresh', ['active', ...repairing], 'refresh-lost', 'refresh_uncertain'],
  ['a recheck, or an assertion without a refresh, ends like a refresh', ['active', 'degraded', 'held', 'needs_admin'], 'grant-rejected', 'needs_reconsent'],
  ['a recheck, or an assertion without a refresh, ends like a refresh', ['active', 'refresh_uncertain', 'needs_admin'], 'admin-needed', 'needs_admin'],
  ['a recheck, or an assertion without a refresh, ends like a refresh', repairing, 'held', 'held'],
  ['a recheck, or an assertion without a refresh, ends like a refresh', repairing, 'quarantined', 'needs_admin'],
  ['what passes by itself does not end a pause', ['paused'], 'refresh-unavailable', 'paused'],
  ['what passes by itself does not end a pause', ['paused'], 'refresh-abandoned', 'paused'],
  ['what passes by itself does not end a pause', ['paused'], 'held', 'paused'],
  ['4.4 holds while paused: an unknown outcome is remembered', ['paused'], 'refresh-lost', 'refresh_uncertain'],
  ['a grant that dies while paused needs somebody', ['paused'], 'grant-rejected', 'needs_reconsent'],
  ['a grant that dies while paused needs somebody', ['paused'], 'admin-needed', 'needs_admin'],
  ['a grant that dies while paused needs somebody', ['paused'], 'quarantined', 'needs_admin'],
];

/** Every step a connection may take, by `state trigger`; all others are illegal. */
export const designedSteps: ReadonlyMap<string, ConnectionState> = new Map([...designed, ...implied].flatMap(([, from, trigger, to]) => from.map((state) => [`${state} ${trigger}`, to] as const)));

/** How many cells the rows name; as many as `designedSteps` has when no cell is named twice. */
export const designedCells = [...designed, ...implied].reduce((sum, [, from]) => sum + from.length, 0);
