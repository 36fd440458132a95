import { z } from 'zod';

/** Where browsers report what the policy of a page has refused. */
export const reportPath = '/reports/violations';

/** What a page tried that its policy refuses. */
export interface Violation {
  /** Such as `script-src-elem`. */
  readonly directive: string;
  /** Address without query, or what stands for it: `inline`, `trusted-types-sink`. */
  readonly blocked: string;
  readonly page: string;
  /** Address, line and column of the script; empty when the browser names none. */
  readonly source: string;
}

const text = z.string().catch('');
const place = z.int().nonnegative().optional().catch(undefined);

/** `application/reports+json`, of the Reporting API. */
const Reported = z.object({
  type: z.literal('csp-violation'),
  body: z.object({ effectiveDirective: text, blockedURL: text, documentURL: text, sourceFile: text, lineNumber: place, columnNumber: place }),
}).transform(({ body }): Violation => ({ directive: directiveOf(body.effectiveDirective), blocked: placeOf(body.blockedURL), page: placeOf(body.documentURL), source: sourceOf(body.sourceFile, body.lineNumber, body.columnNumber) }));

/** `application/csp-report`, of browsers that know `report-uri` only. */
const Posted = z.object({
  'csp-report': z.object({ 'effective-directive': text, 'violated-directive': text, 'blocked-uri': text, 'document-uri': text, 'source-file': text, 'line-number': place, 'column-number': place }),
}).transform(({ 'csp-report': report }): Violation => ({
  directive: directiveOf(report['effective-directive'] || report['violated-directive']), blocked: placeOf(report['blocked-uri']), page: placeOf(report['document-uri']), source: sourceOf(report['source-file'], report['line-number'], report['column-number']),
}));

/**
 * What a browser reports, as far as it is a violation of the policy. Anybody can send it: nothing is taken but directives, addresses without
 * query, and numbers. The sample of what was refused is not: it may be text of a page.
 */
export function violationsIn(body: unknown): readonly Violation[] {
  return (Array.isArray(body) ? body : [body]).flatMap((report) => {
    const { data } = z.union([Reported, Posted]).safeParse(report);
    return data ?? [];
  });
}

function directiveOf(name: string): string {
  return /^[a-z-]{1,40}(?= |$)/.exec(name)?.[0] ?? 'unknown';
}

/** In ASCII, as addresses are; an address that holds its content is named by its scheme alone. */
function placeOf(address: string): string {
  if (/^[a-z-]{1,30}$/.test(address)) return address;
  const url = URL.parse(address);
  if (url === null) return 'unknown';
  return /^(https?|wss?):$/.test(url.protocol) ? `${url.protocol}//${url.host}${url.pathname}`.slice(0, 200) : url.protocol.slice(0, 30);
}

function sourceOf(file: string, line: number | undefined, column: number | undefined): string {
  return file === '' ? '' : [placeOf(file), line, column].filter((part) => part !== undefined).join(':');
}
