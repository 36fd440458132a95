import { Defect } from '@tributary/failures';
import { z } from 'zod';
import { serverTimeOf, type ApiUsage } from '../http/answer-headers.ts';
import type { SalesforceAnswer } from '../http/salesforce-http.ts';
import { fieldDefinitionsSoql, fieldPermissionsSoql } from '../soql/soql.ts';
import { GlobalDescribe, ObjectDescribe } from './describe.ts';
import { readAnswer } from './read-answer.ts';
import type { SalesforceSession } from './session.ts';

/** One row of a query: values by field; related records are nested. */
export type QueryRecord = Readonly<Record<string, unknown>>;

const QueryPage = z.object({
  totalSize: z.int().nonnegative(),
  done: z.boolean(),
  nextRecordsUrl: z.string().optional(),
  records: z.array(z.record(z.string(), z.unknown())),
});

const stampText = z.string().transform((text) => new Date(text)).refine((at) => !Number.isNaN(at.getTime()), 'must be an instant');
const Deleted = z.object({
  deletedRecords: z.array(z.object({ id: z.string().regex(/^[a-zA-Z0-9]{15,18}$/) })),
  earliestDateAvailable: stampText,
  latestDateCovered: stampText,
});

/** Deletions Salesforce remembers of an object. */
export interface DeletionLog {
  readonly ids: readonly string[];
  /** Older deletions are forgotten. */
  readonly earliestDateAvailable: Date;
  /** Up to where the answer is complete: the next question starts here. */
  readonly latestDateCovered: Date;
}

const Versions = z.array(z.object({ version: z.string() }));
/** An entry that is no limit says nothing; it does not spoil the others. */
const Limits = z.record(z.string(), z.looseObject({ Max: z.number().optional().catch(undefined), Remaining: z.number().optional().catch(undefined) }).catch({}));

/** What an org allows and what is left of it, by the name of the limit. */
export type OrgLimits = Readonly<Record<string, { readonly Max?: number | undefined; readonly Remaining?: number | undefined }>>;

const FieldDefinitionRecord = z.object({ QualifiedApiName: z.string(), DurableId: z.string() });
const FieldPermissionRecord = z.object({ Field: z.string() });
const RecordCounts = z.object({ sObjects: z.array(z.object({ name: z.string(), count: z.int().nonnegative() })) });

/** Told of each answered query: how many rows it gave. */
export type QueryListener = (path: string, query: { readonly purpose: 'count' | 'rows'; readonly rows: number }) => void;

/** One page of a query. */
export interface RecordPage {
  /** Rows of the whole query as the source counts them. */
  readonly totalSize: number;
  readonly records: readonly QueryRecord[];
  readonly serverTime: Date | undefined;
}

/** Newest API version this client was built for. */
export const newestApiVersion = '66.0';

/** REST data API of one org at one API version. */
export class DataClient {
  readonly #root: string;

  constructor(
    private readonly session: SalesforceSession,
    /** Such as `66.0`. */
    readonly apiVersion: string,
    private readonly onQuery?: QueryListener,
  ) {
    this.#root = `/services/data/v${apiVersion}`;
  }

  /** Versions the org offers, oldest first. */
  static async versions(session: SalesforceSession): Promise<string[]> {
    return readAnswer(Versions, await session.text({ method: 'GET', path: '/services/data' })).map(({ version }) => version);
  }

  async limits(): Promise<OrgLimits> {
    return readAnswer(Limits, await this.session.text({ method: 'GET', path: `${this.#root}/limits` }));
  }

  async describeGlobal(): Promise<GlobalDescribe> {
    return readAnswer(GlobalDescribe, await this.session.text({ method: 'GET', path: `${this.#root}/sobjects` }));
  }

  /** @returns undefined when the description of no object changed since `ifModifiedSince` (an HTTP date of an earlier answer) */
  async changedSchema(ifModifiedSince: string | undefined): Promise<{ global: GlobalDescribe; lastModified: string | undefined } | undefined> {
    const answer = await this.session.text({ method: 'GET', path: `${this.#root}/sobjects`, headers: ifModifiedSince === undefined ? {} : { 'if-modified-since': ifModifiedSince } });
    return answer.status === 304 ? undefined : { global: readAnswer(GlobalDescribe, answer), lastModified: lastModifiedOf(answer) };
  }

  /** Rows of objects as Salesforce estimates them, deleted ones left out; objects it does not count are missing. */
  async recordCounts(objects: readonly string[]): Promise<ReadonlyMap<string, number>> {
    const query = new URLSearchParams({ sObjects: objects.join(',') });
    const { sObjects } = readAnswer(RecordCounts, await this.session.text({ method: 'GET', path: `${this.#root}/limits/recordCount?${query.toString()}` }));
    return new Map(sObjects.map(({ name, count }) => [name, count]));
  }

  /** @returns undefined when nothing changed since `ifModifiedSince` (an HTTP date of an earlier answer) */
  async describe(object: string, ifModifiedSince?: string): Promise<{ describe: ObjectDescribe; lastModified: string | undefined } | undefined> {
    const answer = await this.session.text({
      method: 'GET', path: `${this.#root}/sobjects/${object}/describe`, headers: ifModifiedSince === undefined ? {} : { 'if-modified-since': ifModifiedSince },
    });
    if (answer.status === 304) return undefined;
    return { describe: readAnswer(ObjectDescribe, answer), lastModified: lastModifiedOf(answer) };
  }

  /** Rows a query has, deleted ones included. `soql` is `SELECT COUNT() FROM …`. */
  async count(soql: string): Promise<{ count: number; serverTime: Date | undefined }> {
    const page = await this.#page(`${this.#root}/queryAll?q=${encodeURIComponent(soql)}`, 'count');
    return { count: page.totalSize, serverTime: page.serverTime };
  }

  /** Ids deleted in whole minutes from `start` to `end`, more than a minute apart. @throws SalesforceCallFailure `cursor-lost` when the log no longer reaches back to `start` */
  async deleted(object: string, start: Date, end: Date): Promise<DeletionLog> {
    const query = new URLSearchParams({ start: start.toISOString(), end: end.toISOString() });
    const { deletedRecords, ...covered } = readAnswer(Deleted, await this.session.text({ method: 'GET', path: `${this.#root}/sobjects/${object}/deleted/?${query.toString()}` }));
    return { ids: deletedRecords.map(({ id }) => id), ...covered };
  }

  /**
   * Fields of an object as the org's setup lists them, perhaps also those the user may not read, each with the id that outlives a rename.
   * @throws SalesforceCallFailure where the user may not see the setup
   */
  async fieldDefinitions(object: string): Promise<ReadonlyMap<string, string>> {
    const ids = new Map<string, string>();
    for await (const { records } of this.#pages('query', fieldDefinitionsSoql(object))) for (const record of records) {
      const { QualifiedApiName: name, DurableId: id } = FieldDefinitionRecord.parse(record);
      ids.set(name, id);
    }
    return ids;
  }

  /** Which of some fields of an object anybody in the org may read. @throws SalesforceCallFailure where the user may not see the setup */
  async permittedFields(object: string, fields: readonly string[]): Promise<ReadonlySet<string>> {
    const permitted = new Set<string>();
    for await (const { records } of this.#pages('query', fieldPermissionsSoql(object, fields))) for (const record of records) {
      permitted.add(FieldPermissionRecord.parse(record).Field.replace(/^.*\./, ''));
    }
    return permitted;
  }

  /** Pages of a query, deleted and archived rows included. @throws SalesforceCallFailure `cursor-lost` when the locator ends early */
  queryAll(soql: string): AsyncGenerator<RecordPage> {
    return this.#pages('queryAll', soql);
  }

  async *#pages(resource: 'query' | 'queryAll', soql: string): AsyncGenerator<RecordPage> {
    let path: string | undefined = `${this.#root}/${resource}?q=${encodeURIComponent(soql)}`;
    while (path !== undefined) {
      const page: RecordPage & { next: string | undefined } = await this.#page(path);
      yield page;
      path = page.next;
    }
  }

  /** First page of a query, deleted and archived rows included, without what comes after it. */
  async firstPage(soql: string): Promise<RecordPage & { readonly more: boolean }> {
    const { next, ...page } = await this.#page(`${this.#root}/queryAll?q=${encodeURIComponent(soql)}`);
    return { ...page, more: next !== undefined };
  }

  async #page(path: string, purpose: 'count' | 'rows' = 'rows'): Promise<RecordPage & { next: string | undefined }> {
    const answer = await this.session.text({ method: 'GET', path });
    const page = readAnswer(QueryPage, answer);
    this.onQuery?.(path.split('?', 1)[0] ?? path, { purpose, rows: page.records.length });
    return { totalSize: page.totalSize, records: page.records, serverTime: serverTimeOf(answer.headers), next: page.done ? undefined : rebased(page.nextRecordsUrl) };
  }
}

/** Calls of the org in the last 24 hours as its limits tell them; undefined when they do not. */
export function apiUsageOfLimits({ DailyApiRequests: { Max: limit, Remaining: left } = {} }: OrgLimits): ApiUsage | undefined {
  // The columns that keep them hold as much; nothing else is a number of calls.
  const isCount = (value: number | undefined): value is number => Number.isInteger(value) && Math.abs(value ?? 0) <= 2_147_483_647;
  return isCount(limit) && isCount(left) && limit > 0 && left <= limit ? { used: limit - left, limit } : undefined;
}

function lastModifiedOf({ headers }: SalesforceAnswer): string | undefined {
  const value = headers['last-modified'];
  return typeof value === 'string' ? value : undefined;
}

/** Addresses in answers count only by path and query; the origin is pinned. */
export function rebased(url: string | undefined): string {
  if (url === undefined) throw new Defect('NEXT_PAGE_MISSING', 'Salesforce promised more rows and gave no address for them.');
  const { pathname, search } = new URL(url, 'https://pinned.invalid');
  return pathname + search;
}
