import { deflateRawSync, inflateRawSync } from 'node:zlib';
import { Filter, TimeGrain } from '@tributary/api-contracts';
import { InvalidInput } from '@tributary/failures';
import { z } from 'zod';

/** What a clicked cell means, absolute: the same rows tomorrow, as far as the data stays the same. */
export const Drill = z.strictObject({
  /** Metric ids. */
  m: z.array(z.string().max(80)).min(1).max(12),
  f: z.array(Filter).max(50).optional(),
  p: z.strictObject({ from: z.iso.date(), until: z.iso.date() }).optional(),
  /** Today when it was asked. */
  t: z.iso.date(),
  g: TimeGrain.optional(),
  /** Values of the cell's dimensions by key; a time bucket by its first day. */
  c: z.record(z.string().max(120), z.string().max(4_000).nullable()).optional(),
});
export type Drill = z.infer<typeof Drill>;

const prefix = 'drill:';
/** Leaves room in a query string of 8,000 characters for a metric's name. */
const maxLength = 7_800;
const zipAbove = 600;
const maxPlainBytes = 256 * 1024;

/** The token of a cell: `drill:<body>`; append `:<metric id>` for one metric of several. Undefined when it would be too long for an address. */
export function drillToken(drill: Drill): string | undefined {
  const plain = JSON.stringify(drill);
  const body = plain.length > zipAbove ? `z${deflateRawSync(plain).toString('base64url')}` : `j${Buffer.from(plain).toString('base64url')}`;
  return body.length + prefix.length > maxLength ? undefined : `${prefix}${body}`;
}

export function isDrillToken(text: string): boolean {
  return text.startsWith(prefix);
}

/** The cell of a token. It is a question, not a permission. @throws InvalidInput `records.drill_invalid` */
export function readDrill(token: string): Drill {
  const [body = '', metric] = token.slice(prefix.length).split(':');
  const drill = Drill.safeParse(parse(body));
  if (!drill.success) throw invalid();
  if (metric === undefined) return drill.data;
  if (!drill.data.m.includes(metric)) throw invalid();
  return { ...drill.data, m: [metric] };
}

function parse(body: string): unknown {
  try {
    const bytes = Buffer.from(body.slice(1), 'base64url');
    const plain = body.startsWith('z') ? inflateRawSync(bytes, { maxOutputLength: maxPlainBytes }) : bytes;
    return JSON.parse(plain.toString('utf8'));
  } catch (cause) {
    throw invalid(cause);
  }
}

function invalid(cause?: unknown): InvalidInput {
  return new InvalidInput('records.drill_invalid', 'This link to rows cannot be read.', { action: 'Ask for the figure again and open its rows from there.', ...(cause === undefined ? {} : { cause }) });
}
