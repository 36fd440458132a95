import { describe, expect, it } from 'vitest';
import { causeOfDeath, evidenceText, type DeathEvidence } from './cause-of-death.ts';

const now = new Date('2026-11-25T12:00:00Z');
const daysAgo = (days: number): Date => new Date(now.getTime() - days * 24 * 60 * 60_000);

const bad = { status: 403, text: 'Bad_OAuth_Token' };

function someEvidence(more: Partial<DeathEvidence> = {}): DeathEvidence {
  return {
    answerLost: false, presentedAgain: false, now, createdAt: daysAgo(40), refreshedAt: daysAgo(1), refreshCount: 12, endedAtThisAge: 0, consentsSince: 0, probe: bad, identity: bad,
    refusedOfUser: 0, refusedOfOrg: 0, refusedOrgs: 0, egressChangedAt: null, ...more,
  };
}

/** Each line holds everything that the lines after it show too: the order decides. */
const everything: Partial<DeathEvidence> = { answerLost: true, presentedAgain: true, refreshedAt: daysAgo(31), endedAtThisAge: 1, consentsSince: 5, identity: { status: 404, text: 'Inactive' }, refusedOfUser: 1, refusedOfOrg: 2, refusedOrgs: 3, egressChangedAt: daysAgo(7) };

describe('a grant that Salesforce calls expired', () => {
  it.each<[string, Partial<DeathEvidence>]>([
    ['rotation-lost', {}],
    ['rotation-reuse', { answerLost: false }],
    ['idle-timeout', { presentedAgain: false }],
    ['policy-expired', { refreshedAt: daysAgo(1) }],
    ['evicted-by-five-grants', { endedAtThisAge: 0 }],
    ['user-inactive', { consentsSince: 4 }],
    ['user-inactive', { identity: { status: 404, text: 'Bad_Id' } }],
    ['sandbox-refreshed', { refusedOfUser: 0 }],
    ['sandbox-refreshed', { identity: { status: 403, text: 'Wrong_Org' } }],
    ['sandbox-refreshed', { identity: bad, probe: { status: 404, text: '<html>URL No Longer Exists</html>' } }],
    ['app-uninstalled-or-blocked', { probe: bad }],
    ['app-wide-revocation', { refusedOfOrg: 1 }],
    ['network-containment', { refusedOrgs: 2 }],
    ['revoked-or-unknown', { egressChangedAt: daysAgo(7.01) }],
  ])('died of %s when nothing before it fits', (cause, change) => {
    Object.assign(everything, change);
    expect(causeOfDeath(someEvidence(everything))).toBe(cause);
  });

  it('was not ended by the policy of an age below a day', () => {
    expect(causeOfDeath(someEvidence({ createdAt: daysAgo(0.5), endedAtThisAge: 3 }))).toBe('revoked-or-unknown');
  });

  it('was not idle after exactly thirty days', () => {
    expect(causeOfDeath(someEvidence({ refreshedAt: daysAgo(30) }))).toBe('revoked-or-unknown');
  });

  it('belongs to somebody inactive when Salesforce says so', () => {
    expect(causeOfDeath(someEvidence({ identity: { status: 403, text: 'Inactive' } }))).toBe('user-inactive');
  });
});

it('is shown with what the verdict rests on', () => {
  expect(evidenceText(someEvidence())).toBe('Approved 2026-10-16 12:00 UTC (40 days ago), refreshed 12 times, last 2026-11-24 12:00 UTC (24 h ago); the present access was tried too and answered with 403.');
  expect(evidenceText(someEvidence({ refreshCount: 1, refreshedAt: now, probe: undefined, identity: undefined, egressChangedAt: daysAgo(8) }))).toContain('refreshed once, last 2026-11-25 12:00 UTC (0 min ago); the present access could not be tried.');
  expect(evidenceText(someEvidence({ identity: { status: 404, text: 'Inactive' }, egressChangedAt: daysAgo(3) }))).toContain('answered with 403, the identity of its user with 404; the addresses we call from changed 2026-11-22 12:00 UTC (3 days ago).');
});
