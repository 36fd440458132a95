import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { repository } from './catalog-files.ts';

const read = (path: string): string => readFileSync(join(repository, path), 'utf8');
const rows = read('docs/fault-matrix.md').split('\n').map((line) => line.split(' | ').map((cell) => cell.replace(/^\| | \|$/g, ''))).filter(([number = '']) => /^\d+$/.test(number))
  .map(([number = '', , , tests = '', state = '', missing = '']) => ({ number: Number(number), tests, state, missing }));

/** Test files of a row with the names it gives of each. */
function namedIn(tests: string): { file: string; names: string[] }[] {
  return tests.split('<br>').filter((part) => part !== '–').map((part) => {
    const [, file = part, list = ''] = /^`([^`]+)`: (.+)$/.exec(part) ?? [];
    return { file, names: list.split(' · ').map((name) => /^\*(.+)\*$/.exec(name)?.[1] ?? '') };
  });
}

/** Titles of tests in a source: the first argument of `it`, of what `each` gives, and of their likes. */
function titlesOf(file: string): Set<string> {
  return new Set([...read(file).matchAll(/(?:\bit|\btest|\boften|\]\)|\)\)|\w\))\((['"`])((?:\\.|(?!\1).)+)\1,/g)].map(([, , title = '']) => title.replace(/\\(.)/g, '$1')));
}

describe('the matrix of faults', () => {
  it('has each of its rows once, in order', () => {
    expect(rows.map(({ number }) => number)).toEqual(Array.from({ length: 24 }, (_, index) => 20 + index));
  });

  it.each(rows)('row $number names tests that exist, and what is missing when it is not shown', ({ tests, state, missing }) => {
    const named = namedIn(tests);
    expect(named.filter(({ file }) => !/\.spec\.ts$/.test(file) || !existsSync(join(repository, file)))).toEqual([]);
    expect(named.flatMap(({ file, names }) => names.filter((name) => !titlesOf(file).has(name)).map((name) => `${file}: ${name}`))).toEqual([]);
    expect(['shown', 'partly', 'not']).toContain(state);
    expect(named.length > 0).toBe(state !== 'not');
    expect(missing === '–').toBe(state === 'shown');
  });
});
