import { ConnectionState } from '@tributary/api-contracts';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { designedCells, designedSteps } from '../spec-support/designed-steps.harness.ts';
import { mayLease, needsAttention, nextState, triggers, type Trigger } from './connection-machine.ts';

const states: readonly ConnectionState[] = ConnectionState.options;
const anyState = fc.constantFrom(...states);
const anyTriggers = fc.array(fc.constantFrom(...triggers), { maxLength: 40 });

/** The states a run of triggers goes through; refused ones change nothing. */
function walk(from: ConnectionState, run: readonly Trigger[]): ConnectionState[] {
  const path = [from];
  for (const trigger of run) path.push(nextState(path.at(-1) ?? from, trigger) ?? path.at(-1) ?? from);
  return path;
}

describe('the states of a connection', () => {
  it('are the thirteen of the design', () => {
    expect([...states].sort()).toEqual(['active', 'degraded', 'disconnected', 'disconnecting', 'exchanging', 'held', 'needs_admin', 'needs_reconsent', 'paused', 'pending_consent', 'purged', 'refresh_uncertain', 'refreshing']);
  });

  it.each(states)('%s takes the steps of the design, to where it says, and refuses all others', (state) => {
    const expected = triggers.map((trigger) => [trigger, designedSteps.get(`${state} ${trigger}`) ?? 'refused']);
    expect(triggers.map((trigger) => [trigger, nextState(state, trigger) ?? 'refused'])).toEqual(expected);
  });

  it('are named by the table once for each trigger', () => {
    expect(designedSteps.size).toBe(designedCells);
  });

  it('has no step out of purged', () => {
    expect(triggers.map((trigger) => nextState('purged', trigger))).toEqual(triggers.map(() => undefined));
  });

  it('has an exit from every state but purged', () => {
    for (const state of states.filter((state) => state !== 'purged')) expect([state, triggers.some((trigger) => (nextState(state, trigger) ?? state) !== state)]).toEqual([state, true]);
  });

  it('reaches purged from every state', () => {
    const reaches = new Set<ConnectionState>(['purged']);
    for (let grown = 0; grown !== reaches.size;) {
      grown = reaches.size;
      for (const state of states) if (triggers.some((trigger) => reaches.has(nextState(state, trigger) ?? state))) reaches.add(state);
    }
    expect([...reaches].sort()).toEqual([...states].sort());
  });

  it('comes back from a disconnection, and from a lost grant, only through a new consent', () => {
    fc.assert(fc.property(fc.constantFrom<ConnectionState>('disconnected', 'disconnecting', 'needs_reconsent'), anyTriggers, (from, run) => {
      const path = walk(from, run);
      const active = path.indexOf('active');
      return active === -1 || path.slice(0, active).includes('exchanging');
    }), { numRuns: 2_000 });
  });

  it('never needs a new consent because of something that passes', () => {
    const passing: readonly Trigger[] = ['refresh-started', 'refreshed', 'refresh-unavailable', 'refresh-lost', 'refresh-abandoned', 'held', 'recovered', 'paused', 'resumed', 'admin-needed', 'vault-unreadable'];
    fc.assert(fc.property(anyState.filter((state) => state !== 'needs_reconsent'), fc.array(fc.constantFrom(...passing), { maxLength: 40 }), (from, run) => !walk(from, run).includes('needs_reconsent')), { numRuns: 2_000 });
  });

  it('lends nothing that was given up, quarantined or not consented', () => {
    expect(states.filter(mayLease)).toEqual(['active', 'refreshing', 'refresh_uncertain', 'degraded']);
    for (const trigger of ['quarantined', 'grant-rejected', 'disconnect', 'vault-unreadable', 'admin-needed'] as const) {
      for (const state of states) expect([state, trigger, mayLease(nextState(state, trigger) ?? 'purged')]).toEqual([state, trigger, false]);
    }
  });

  it('can be disconnected from every state that holds a grant', () => {
    for (const state of states.filter((state) => !['pending_consent', 'exchanging', 'disconnecting', 'disconnected', 'purged'].includes(state))) expect([state, nextState(state, 'disconnect')]).toEqual([state, 'disconnecting']);
  });

  it('can be consented again from every state but while disconnecting, and when gone', () => {
    for (const state of states.filter((state) => !['exchanging', 'disconnecting', 'purged'].includes(state))) expect([state, nextState(state, 'consented')]).toEqual([state, 'exchanging']);
  });

  it('keeps a paused connection paused while its grant is kept alive', () => {
    expect(walk('paused', ['refresh-started', 'refreshed', 'refresh-started', 'refresh-unavailable', 'refreshed']).every((state) => state === 'paused')).toBe(true);
  });

  it('asks for attention in exactly these', () => {
    expect(states.filter(needsAttention)).toEqual(['refresh_uncertain', 'degraded', 'held', 'needs_admin', 'needs_reconsent']);
  });
});
