import { z } from 'zod';
import { Substitutions } from '../load/substitutions.ts';
import type { ExtractJob } from './extract-job.ts';
import type { Window } from './window-plan.ts';

const instant = z.coerce.date().nullable();

/** A piece of a window: half-open bounds of the cursor field and of the Id; null bounds are open. */
const Part = z.object({ from: instant, until: instant, idFrom: z.string().nullable(), idBefore: z.string().nullable() });
export type Part = z.infer<typeof Part>;

/** An export at Salesforce and the API version at which it must be read. */
const Export = z.object({ jobId: z.string(), apiVersion: z.string() });
export type Export = z.infer<typeof Export>;

/** What was staged when a part was begun. */
const Staged = z.object({ pages: z.int().nonnegative(), parsed: z.int().nonnegative(), deleted: z.int().nonnegative(), substitutions: z.record(z.string(), z.number()) });
const nothing: z.infer<typeof Staged> = { pages: 0, parsed: 0, deleted: 0, substitutions: {} };

/** The pieces of a window and how far they are read. */
export const PartsOfJob = z.object({
  list: z.array(Part).min(1),
  /** The piece that is being read. */
  index: z.int().nonnegative(),
  /** Rows that the exports of the pieces before say they wrote; null when one did not say. */
  exported: z.int().nonnegative().nullable(),
  /** Why Salesforce could not do the window at once; null while it could, in as many pieces as were planned. */
  because: z.string().nullable(),
  begun: Staged.default(nothing),
  /** The export of the piece after the present one, asked for while that is being read. */
  ahead: Export.nullable().default(null),
});
export type PartsOfJob = z.infer<typeof PartsOfJob>;

export function wholeOf({ from, until }: Window): PartsOfJob {
  return { list: [{ from, until, idFrom: null, idBefore: null }], index: 0, exported: 0, because: null, begun: nothing, ahead: null };
}

function fromFirstPart(parts: PartsOfJob): PartsOfJob {
  return { ...parts, index: 0, exported: 0, begun: nothing, ahead: null };
}

/** The job with nothing staged, at its first part. */
export function fromBeginning(job: ExtractJob): ExtractJob {
  return { ...job, bulk: undefined, jobCount: null, locator: null, pages: 0, parsed: 0, deleted: 0, substitutions: new Substitutions(), parts: fromFirstPart(job.parts), allRead: false };
}

/** The job at the beginning of its present part; undefined when the rows of that part are not told from those before by their Ids. */
export function fromPresentPart(job: ExtractJob): ExtractJob | undefined {
  const { list, index, begun } = job.parts;
  if (job.api !== 'bulk' || index === 0 || list.some(({ from, until }) => from?.getTime() !== job.window.from?.getTime() || until?.getTime() !== job.window.until?.getTime())) return undefined;
  return { ...job, ...begun, substitutions: Substitutions.from(begun.substitutions), bulk: undefined, jobCount: null, locator: null };
}

/** The part after the present one. */
export function nextPart({ parts }: Pick<ExtractJob, 'parts'>): Part | undefined {
  return parts.list[parts.index + 1];
}

export function currentPart({ parts, window }: Pick<ExtractJob, 'parts' | 'window'>): Part {
  return parts.list[parts.index] ?? { ...window, idFrom: null, idBefore: null };
}

/** The job once its present part is staged: at the next part, or with everything read and all exported rows counted. */
export function afterPart(job: ExtractJob): ExtractJob {
  const { parts } = job;
  const exported = parts.exported === null || job.jobCount === null ? null : parts.exported + job.jobCount;
  if (parts.index + 1 >= parts.list.length) return { ...job, jobCount: exported, locator: null, allRead: true };
  const begun = { pages: job.pages, parsed: job.parsed, deleted: job.deleted, substitutions: job.substitutions.toJSON() };
  return { ...job, bulk: parts.ahead ?? undefined, jobCount: null, locator: null, parts: { ...parts, exported, index: parts.index + 1, begun, ahead: null } };
}

/** The job with its present part replaced by two, of which the first is next. */
export function withHalves(job: ExtractJob, halves: readonly [Part, Part], because: string): ExtractJob {
  const { list, index } = job.parts;
  return { ...job, bulk: undefined, jobCount: null, locator: null, parts: { ...job.parts, list: [...list.slice(0, index), ...halves, ...list.slice(index + 1)], ahead: null, because: job.parts.because ?? because } };
}

/** In how many pieces a window was read and why, one sentence; null when it was one. */
export function splitText({ list, because }: PartsOfJob): string | null {
  if (list.length === 1) return null;
  return because === null ? `Read in ${list.length} parts, one range of Ids after the other.` : `Read in ${list.length} parts, because Salesforce could not do it at once: ${because}`;
}

const secondMs = 1_000;
/** No org has older rows. */
const firstOrgs = new Date('1999-01-01T00:00:00Z');

/** Halves a part by time; undefined when it has no time to halve. No half is shorter than a second. @param rows stamps of the oldest and the newest row of the part, when known */
export function halvesByTime(part: Part, rows: { readonly oldest?: Date | undefined; readonly newest?: Date | undefined } = {}): readonly [Part, Part] | undefined {
  if (part.until === null || part.idFrom !== null || part.idBefore !== null) return undefined;
  const from = Math.floor((rows.oldest ?? part.from ?? firstOrgs).getTime() / secondMs);
  const until = rows.newest === undefined ? Math.ceil(part.until.getTime() / secondMs) : Math.floor(rows.newest.getTime() / secondMs) + 1;
  if (until - from < 2) return undefined;
  const middle = new Date(Math.floor((from + until) / 2) * secondMs);
  return [{ ...part, until: middle }, { ...part, from: middle }];
}

const digits = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';
const idLength = 15;

/** Halves a part by Id between its first and last row; undefined when there is only one. */
export function halvesById(part: Part, first: string, last: string): readonly [Part, Part] | undefined {
  const [low, high] = [numberOf(first), numberOf(last)];
  if (high <= low) return undefined;
  const middle = idOf((low + high + 1n) / 2n);
  return [{ ...part, idBefore: middle }, { ...part, idFrom: middle }];
}

function numberOf(id: string): bigint {
  return [...id.slice(0, idLength)].reduce((number, digit) => number * 62n + BigInt(Math.max(0, digits.indexOf(digit))), 0n);
}

function idOf(number: bigint): string {
  let text = '';
  for (let rest = number; text.length < idLength; rest /= 62n) text = (digits[Number(rest % 62n)] ?? '0') + text;
  return text;
}
