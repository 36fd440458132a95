import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { repository } from './catalog-files.ts';
import { missingOf, namedIn } from './named-tests.ts';

/** What a row says of tests that other work brings. */
const otherWork = /^brought by: \w+/;

const rows = readFileSync(join(repository, 'docs/security-requirements.md'), 'utf8').split('\n').map((line) => line.split(' | ').map((cell) => cell.replace(/^\| | \|$/g, ''))).filter(([id = '']) => /^[A-F]\d\d$/.test(id))
  .map(([id = '', , tests = '', beyond = '', ...more]) => ({ id, tests, beyond, more }));
const groups = { A: 15, B: 9, C: 13, D: 11, E: 16, F: 7 };

describe('the security requirements', () => {
  it('are all there, each once', () => {
    expect(rows.map(({ id }) => id)).toEqual(Object.entries(groups).flatMap(([group, count]) => Array.from({ length: count }, (_, index) => `${group}${String(index + 1).padStart(2, '0')}`)));
  });

  it.each(rows)('$id names tests that exist, or the work that brings them', ({ tests, beyond, more }) => {
    expect([more, beyond]).toEqual([[], expect.stringMatching(/./)]);
    const named = namedIn(tests);
    expect(missingOf(named)).toEqual([]);
    expect(named.length > 0 || otherWork.test(beyond)).toBe(true);
  });
});
