import type { BulkClient, BulkPage } from '@tributary/salesforce-client';

/** Asks for the page after the one being read, so that its first bytes are there when that one is stored. One export job, one reader. */
export class PagesAhead {
  #ahead: { readonly locator: string; readonly page: Promise<BulkPage> } | undefined;

  constructor(
    private readonly bulk: Pick<BulkClient, 'results'>,
    private readonly jobId: string,
    private readonly pageRows: number,
  ) {}

  /** The page at a locator; null is the first. Its body must be read to its end or destroyed. @throws what `BulkClient.results` throws */
  async next(locator: string | null): Promise<BulkPage> {
    const asked = this.#ahead?.locator === locator ? this.#ahead.page : undefined;
    if (asked === undefined) this.drop();
    this.#ahead = undefined;
    const page = await (asked ?? this.bulk.results(this.jobId, locator ?? undefined, this.pageRows));
    if (page.nextLocator !== undefined) this.#ask(page.nextLocator);
    return page;
  }

  /** Lets go of a page that nobody reads. */
  drop(): void {
    this.#ahead?.page.then(({ body }) => body.destroy(), () => undefined);
    this.#ahead = undefined;
  }

  #ask(locator: string): void {
    const page = this.bulk.results(this.jobId, locator, this.pageRows);
    // A failure belongs to whoever asks for the page, who may come late or never.
    page.catch(() => undefined);
    this.#ahead = { locator, page };
  }
}
