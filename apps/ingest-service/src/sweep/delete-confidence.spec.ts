import { expect, it } from 'vitest';
import { deleteConfidence, type KnownOfDeletions } from './delete-confidence.ts';

const listed: KnownOfDeletions = { sources: ['recycle-bin', 'list-of-deletions', 'comparison-of-ids'], isLoaded: true, isHeld: false, isSweepDue: false };

it.each([
  ['high', 'listed', 'lists its deletions', listed],
  ['high', 'read-whole', 'reads the whole object', { ...listed, sources: ['full-read'] }],
  ['medium', 'not-listed', 'no list of its deletions', { ...listed, sources: ['recycle-bin', 'comparison-of-ids'] }],
  ['low', 'held', 'wait for somebody', { ...listed, isHeld: true }],
  ['low', 'gap', 'has a gap', { ...listed, isSweepDue: true }],
  ['low', 'not-loaded', 'not read whole yet', { ...listed, isLoaded: false, isHeld: true }],
] as const)('is %s, because it is %s: "%s"', (confidence, cause, because, known) => {
  expect(deleteConfidence(known)).toEqual({ confidence, cause, because: expect.stringContaining(because) as string });
});
