import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { backOffMs, nextStep, type RefreshSituation } from './refresh-policy.ts';

const now = new Date('2026-11-25T12:00:00Z');
const inMs = (ms: number): Date => new Date(now.getTime() + ms);

function aSituation(more: Partial<RefreshSituation> = {}): RefreshSituation {
  return {
    connectionId: 'c', workspaceId: 'w', state: 'active', failures: 0, attentionCause: null, attentionText: null, nextCheckAt: null, grantId: 'g', loginOrigin: 'https://login.salesforce.com', orgId: 'o', userId: 'u',
    epoch: 3, refreshEpoch: 3, accessHash: 'h', refreshedAt: now, leaseOwner: null, leaseUntil: null, intentEpoch: null, intentAt: null, now, ...more,
  };
}
/** Sent by `owner` a moment ago; nobody knows how it ended. */
const unknown = { intentEpoch: 3, intentAt: inMs(-20_000), leaseUntil: inMs(-1), leaseOwner: 'here/1', state: 'refresh_uncertain' } as const;

describe('the next step of a refresh', () => {
  it.each<[string, Partial<RefreshSituation>, number, ReturnType<typeof nextStep>]>([
    ['nothing, when the epoch has moved', {}, 2, { kind: 'done' }],
    ['nothing, even while somebody refreshes again', { leaseUntil: inMs(20_000) }, 2, { kind: 'done' }],
    ['to claim the present epoch', {}, 3, { kind: 'claim' }],
    ['to look again while somebody holds the lease', { leaseUntil: inMs(1), leaseOwner: 'there/1', intentEpoch: 3 }, 3, { kind: 'wait', ms: 150 }],
    ['to take over a lease that ran out before anything was sent', { leaseUntil: inMs(-1), leaseOwner: 'there/1', intentEpoch: 2 }, 3, { kind: 'claim' }],
    ['to keep to the time of the next try', { nextCheckAt: inMs(5_000), state: 'degraded' }, 3, { kind: 'later', ms: 5_000 }],
    ['to try when that time has come', { nextCheckAt: inMs(0), state: 'degraded' }, 3, { kind: 'claim' }],
    ['to ask at once about what this folder has sent itself', unknown, 3, { kind: 'probe' }],
    ['to give another owner two minutes to come back', { ...unknown, leaseOwner: 'there/1' }, 3, { kind: 'later', ms: 100_000 }],
    ['to ask when it did not come back', { ...unknown, leaseOwner: 'there/1', intentAt: inMs(-120_000) }, 3, { kind: 'probe' }],
    ['to ask about an unknown owner only after two minutes', { ...unknown, leaseOwner: null }, 3, { kind: 'later', ms: 100_000 }],
  ])('is %s', (_what, situation, rejected, step) => {
    expect(nextStep(aSituation(situation), rejected, 'here', true)).toEqual(step);
  });

  it('is to wait for another owner, however old its intent looks, while ages are not to be believed', () => {
    expect(nextStep(aSituation({ ...unknown, leaseOwner: 'there/1', intentAt: inMs(-3_600_000) }), 3, 'here', false)).toEqual({ kind: 'later', ms: 120_000 });
    expect(nextStep(aSituation(unknown), 3, 'here', false)).toEqual({ kind: 'probe' });
  });

  it('is never a plain claim while the outcome of the present epoch is unknown', () => {
    fc.assert(fc.property(fc.integer({ min: -1e6, max: 1e6 }), fc.integer({ min: -1e6, max: 1e6 }), fc.option(fc.integer({ min: -1e6, max: 1e6 })), fc.constantFrom('here/1', 'there/1', null), (lease, intent, check, leaseOwner) => {
      const step = nextStep(aSituation({ intentEpoch: 3, intentAt: inMs(intent), leaseUntil: inMs(lease), leaseOwner, nextCheckAt: check === null ? null : inMs(check) }), 3, 'here', true);
      return step.kind !== 'claim' && (lease <= 0 || step.kind === 'wait');
    }));
  });
});

it('waits longer from one failure to the next, an hour at most', () => {
  expect([0, 1, 2, 5, 13, 100].map((failures) => backOffMs(failures, 1))).toEqual([500, 1_000, 2_000, 16_000, 3_600_000, 3_600_000]);
  expect([0, 1, 2, 5, 13, 100].map((failures) => backOffMs(failures, 0.5))).toEqual([250, 500, 1_000, 8_000, 1_800_000, 1_800_000]);
  expect(backOffMs(13, 0)).toBe(200);
});
