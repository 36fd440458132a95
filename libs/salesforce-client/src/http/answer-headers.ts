type Headers = Readonly<Record<string, string | string[] | undefined>>;

/** `Sforce-Limit-Info`: calls of the org in the last 24 hours, and how many it may make. */
export interface ApiUsage {
  readonly used: number;
  readonly limit: number;
}

/** Usage as Salesforce tells it in `Sforce-Limit-Info: api-usage=18/5000`. */
export function apiUsageOf(headers: Headers): ApiUsage | undefined {
  const match = /(?:^|[\s;,])api-usage=(\d+)\/(\d+)/.exec(String(headers['sforce-limit-info'] ?? ''));
  return match ? { used: Number(match[1]), limit: Number(match[2]) } : undefined;
}

/** Rows of a page of an export: `Sforce-NumberOfRecords: 50000`. */
export function rowsOf(headers: Headers): number | undefined {
  const value = String(headers['sforce-numberofrecords'] ?? '');
  return /^\d{1,12}$/.test(value) ? Number(value) : undefined;
}

/** Salesforce's own clock as the answer tells it; undefined without a `Date` header. */
export function serverTimeOf(headers: Headers): Date | undefined {
  const date = new Date(String(headers['date'] ?? ''));
  return Number.isNaN(date.getTime()) ? undefined : date;
}

/** Milliseconds until another try, from `Retry-After` in seconds or as an HTTP date; undefined without one. */
export function retryAfterMsOf(headers: Headers, now = Date.now()): number | undefined {
  const value = String(headers['retry-after'] ?? '').trim();
  if (/^\d{1,6}$/.test(value)) return Number(value) * 1_000;
  const at = value === '' ? Number.NaN : new Date(value).getTime();
  return Number.isNaN(at) ? undefined : Math.max(0, at - now);
}
