import { randomText } from '../oauth/random-token.ts';

export interface Cursor {
  readonly id: string;
  readonly userId: string;
  readonly openedAtMs: number;
  readonly length: number;
  readonly pageRows: number;
  /** JSON-ready records of a stretch of the answer. */
  readonly slice: (from: number, until: number) => unknown[];
}

const capacity = 2_000;

/** Open answers of queries by locator, such as `0r8xx5R2sM3DgWhASK-2000`. */
export class Cursors {
  readonly #byId = new Map<string, Cursor>();

  open(cursor: Omit<Cursor, 'id'>): Cursor {
    const opened = { ...cursor, id: `0r8xx${randomText(13).replace(/[._]/g, 'x')}` };
    this.#byId.set(opened.id, opened);
    const oldest = this.#byId.keys().next().value;
    if (this.#byId.size > capacity && oldest !== undefined) this.#byId.delete(oldest);
    return opened;
  }

  /** The cursor and the position that a locator names; undefined for an unknown or expired one. */
  find(locator: string, userId: string, nowMs: number, lifeMs: number): { cursor: Cursor; position: number } | undefined {
    const match = /^(\w+)-(\d+)$/.exec(locator);
    const cursor = this.#byId.get(match?.[1] ?? '');
    const position = Number(match?.[2]);
    if (cursor === undefined || cursor.userId !== userId || nowMs - cursor.openedAtMs > lifeMs || !(position < cursor.length)) return undefined;
    return { cursor, position };
  }
}
