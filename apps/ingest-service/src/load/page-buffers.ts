import { ReadBuffer } from '@tributary/salesforce-client';
import { CopyBuffer } from './copy-buffer.ts';

/** Bytes of tuples that are handed on together. */
export const blockBytes = 128 * 1024;

/** Room for a value whose quotes are doubled, until a longer one comes. */
const unquotedBytes = 4 * 1024;

/** What the bytes of one page go through. */
export interface PageBuffer {
  readonly read: ReadBuffer;
  readonly tuples: CopyBuffer;
  /** A value without the quotes that doubled others. */
  unquoted: Buffer;
}

export function newPageBuffer(): PageBuffer {
  return { read: new ReadBuffer(2 * blockBytes), tuples: new CopyBuffer(2 * blockBytes), unquoted: Buffer.allocUnsafeSlow(unquotedBytes) };
}

/**
 * Buffers of pages, which serve page after page: they outlive the young generation, and the collector hardly looks for what is dead beyond it,
 * since the few bytes by which it knows a buffer do not tell how many it holds.
 */
export class PageBuffers {
  readonly #free: PageBuffer[] = [];

  /** Lends a buffer for as long as a page is written. One that grew by a long row, or of a page that failed and may still be on its way, is not lent again. */
  async lend<T>(write: (buffer: PageBuffer) => Promise<T>): Promise<T> {
    const buffer = this.#free.pop() ?? newPageBuffer();
    const written = await write(buffer);
    if (!hasGrown(buffer)) this.#free.push(emptied(buffer));
    return written;
  }
}

function hasGrown({ read, tuples, unquoted }: PageBuffer): boolean {
  return read.capacity > 2 * blockBytes || tuples.capacity > 4 * blockBytes || unquoted.length > unquotedBytes;
}

function emptied(buffer: PageBuffer): PageBuffer {
  buffer.read.drop(buffer.read.length);
  buffer.tuples.at = 0;
  return buffer;
}
