const capacityBytes = 96 * 1024 * 1024;
const largestPageBytes = 32 * 1024 * 1024;

/** Finished result pages, ready to send again; the ones not used for longest make room. */
export class PageCache {
  readonly #pages = new Map<string, Buffer[]>();
  #bytes = 0;

  get(key: string): Buffer[] | undefined {
    const page = this.#pages.get(key);
    if (page === undefined) return undefined;
    this.#pages.delete(key);
    this.#pages.set(key, page);
    return page;
  }

  /** Passes a page through and keeps it when it came to its end. */
  async *through(key: string, page: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
    let kept: Buffer[] | undefined = [];
    let bytes = 0;
    for await (const piece of page) {
      bytes += piece.length;
      if (bytes > largestPageBytes) kept = undefined;
      kept?.push(piece);
      yield piece;
    }
    if (kept !== undefined) this.#keep(key, kept, bytes);
  }

  #keep(key: string, page: Buffer[], bytes: number): void {
    if (this.#pages.has(key)) return;
    this.#pages.set(key, page);
    this.#bytes += bytes;
    for (const [oldest, pieces] of this.#pages) {
      if (this.#bytes <= capacityBytes) break;
      this.#pages.delete(oldest);
      this.#bytes -= pieces.reduce((sum, { length }) => sum + length, 0);
    }
  }
}
