import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/**
 * What the comments in an event's file say about its members: member → note.
 * Comments are the one place where a member is explained; the schema itself carries none.
 */
export function memberNotes(folder: string, type: string, version: number): ReadonlyMap<string, string> {
  const text = globSync('*/*.ts', { cwd: folder }).sort().map((file) => readFileSync(join(folder, file), 'utf8')).find((each) => each.includes(`defineEvent('${type}', ${version},`));
  return notesIn(text ?? '');
}

/** Every member with a documentation comment right before it. */
export function notesIn(text: string): ReadonlyMap<string, string> {
  return new Map([...text.matchAll(/\/\*\*((?:(?!\*\/)[\s\S])*)\*\/\s*\n\s+(\w+):/g)].map(([, comment = '', member = '']) => [member, comment.replace(/\s*\n\s*\*\s?/g, ' ').trim()]));
}
