import { expect, it } from 'vitest';
import { deleteConfidence, type KnownOfDeletions } from './delete-confidence.ts';

const listed: KnownOfDeletions = { sources: ['recycle-bin', 'list-of-deletions', 'comparison-of-ids'], isLoaded: true, isHeld: false, isSweepDue: false };

it.each([
  ['high', 'lists its deletions', listed],
  ['high', 'reads the whole object', { ...listed, sources: ['full-read'] }],
  ['medium', 'no list of its deletions', { ...listed, sources: ['recycle-bin', 'comparison-of-ids'] }],
  ['low', 'wait for somebody', { ...listed, isHeld: true }],
  ['low', 'has a gap', { ...listed, isSweepDue: true }],
  ['low', 'not read whole yet', { ...listed, isLoaded: false, isHeld: true }],
] as const)('is %s, because of "%s"', (confidence, because, known) => {
  expect(deleteConfidence(known)).toEqual({ confidence, because: expect.stringContaining(because) as string });
});
