import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { repository } from './catalog-files.ts';

/** A test file with the titles that a table gives of it. */
export interface NamedTests {
  readonly file: string;
  readonly names: readonly string[];
}

/** Reads a cell such as `` `a.spec.ts`: *one* · *two*<br>`b.spec.ts`: *three* ``; a part that is written otherwise has an empty name. A dash names none. */
export function namedIn(cell: string): NamedTests[] {
  return cell.split('<br>').filter((part) => part !== '–').map((part) => {
    const [, file = part, list = ''] = /^`([^`]+)`: (.+)$/.exec(part) ?? [];
    return { file, names: list.split(' · ').map((name) => /^\*(.+)\*$/.exec(name)?.[1] ?? '') };
  });
}

/** What is named and does not exist: files that are no test file of the repository, and titles that their file does not have. */
export function missingOf(named: readonly NamedTests[]): string[] {
  return named.flatMap(({ file, names }) => {
    const titles = titlesOf(file);
    return titles === undefined ? [file] : names.filter((name) => !titles.has(name)).map((name) => `${file}: ${name}`);
  });
}

/** Titles of tests in a source: the first argument of `it`, of what `each` gives, and of their likes; undefined when there is no such test file. */
function titlesOf(file: string): Set<string> | undefined {
  const source = file.endsWith('.spec.ts') ? sourceOf(file) : undefined;
  if (source === undefined) return undefined;
  return new Set([...source.matchAll(/(?:\bit|\btest|\boften|\]\)|\)\)|\w\))\((['"`])((?:\\.|(?!\1).)+)\1,/g)].map(([, , title = '']) => title.replace(/\\(.)/g, '$1')));
}

function sourceOf(file: string): string | undefined {
  try {
    return readFileSync(join(repository, file), 'utf8');
  } catch {
    return undefined;
  }
}
