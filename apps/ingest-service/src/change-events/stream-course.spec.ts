import { describe, expect, it } from 'vitest';
import { resumeAfter, stepAfter } from './stream-course.ts';

const hourMs = 60 * 60_000;
const replayId = Buffer.from('0000000000000005', 'hex');
const known = { replayId, instanceUrl: 'https://acme.my.salesforce.com', heardMsAgo: 1_000 };

describe('after an end', () => {
  it.each([
    ['reconnect', 1, 'reconnecting', 1_000, false],
    ['reconnect', 30, 'reconnecting', 5 * 60_000, false],
    ['renew-token', 1, 'reconnecting', 0, false],
    ['renew-token', 3, 'reconnecting', 4_000, false],
    ['start-anew', 1, 'reconnecting', 0, true],
    ['wait-for-allocation', 1, 'exhausted', hourMs, true],
    ['not-offered', 1, 'not-offered', 24 * hourMs, true],
  ] as const)('"%s" for the %i. time in a row makes it %s, after %i ms at most', (reaction, failures, state, mostMs, hole) => {
    expect(stepAfter(reaction, failures, 1)).toMatchObject({ state, hole, waitMs: mostMs });
  });
});

describe('where to go on', () => {
  it('is where it was', () => {
    expect(resumeAfter(known, known.instanceUrl)).toBe(replayId);
  });

  it.each([
    ['nothing was heard yet', { ...known, replayId: null }],
    ['the org is elsewhere now', { ...known, instanceUrl: 'https://acme2.my.salesforce.com' }],
    ['the last word is 71 hours old', { ...known, heardMsAgo: 71 * hourMs + 1 }],
    ['nobody knows how old it is', { ...known, heardMsAgo: null }],
  ])('is the present when %s', (_when, stream) => {
    expect(resumeAfter(stream, 'https://acme.my.salesforce.com')).toBeUndefined();
  });
});
