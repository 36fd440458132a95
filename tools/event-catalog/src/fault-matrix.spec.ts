import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { repository } from './catalog-files.ts';
import { missingOf, namedIn } from './named-tests.ts';

const rows = readFileSync(join(repository, 'docs/fault-matrix.md'), 'utf8').split('\n').map((line) => line.split(' | ').map((cell) => cell.replace(/^\| | \|$/g, ''))).filter(([number = '']) => /^\d+$/.test(number))
  .map(([number = '', , , tests = '', state = '', missing = '']) => ({ number: Number(number), tests, state, missing }));

describe('the matrix of faults', () => {
  it('has each of its rows once, in order', () => {
    expect(rows.map(({ number }) => number)).toEqual(Array.from({ length: 24 }, (_, index) => 20 + index));
  });

  it.each(rows)('row $number names tests that exist, and what is missing when it is not shown', ({ tests, state, missing }) => {
    const named = namedIn(tests);
    expect(missingOf(named)).toEqual([]);
    expect(['shown', 'partly', 'not']).toContain(state);
    expect(named.length > 0).toBe(state !== 'not');
    expect(missing === '–').toBe(state === 'shown');
  });
});
