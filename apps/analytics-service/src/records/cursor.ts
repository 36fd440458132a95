import { InvalidInput } from '@tributary/failures';
import { z } from 'zod';

/** The last row of a page: its sort value and its id. */
export const Cursor = z.strictObject({
  /** The sort it belongs to, such as `-Amount`. */
  s: z.string().max(120),
  v: z.string().max(4_000).nullable(),
  id: z.string().max(40),
});
export type Cursor = z.infer<typeof Cursor>;

const maxLength = 2_000;

/** Undefined when the sort value is too long to travel. */
export function writeCursor(cursor: Cursor): string | undefined {
  const text = Buffer.from(JSON.stringify(cursor)).toString('base64url');
  return text.length > maxLength ? undefined : text;
}

/** @throws InvalidInput `records.cursor_invalid` also when it belongs to another sort */
export function readCursor(text: string, sort: string): Cursor {
  const cursor = Cursor.safeParse(parse(text));
  if (cursor.success && cursor.data.s === sort) return cursor.data;
  throw new InvalidInput('records.cursor_invalid', 'The page cannot be continued from here.', { action: 'Start again with the first page.' });
}

function parse(text: string): unknown {
  try {
    return JSON.parse(Buffer.from(text, 'base64url').toString('utf8'));
  } catch {
    return undefined;
  }
}
