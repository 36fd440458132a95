import type { IncomingMessage } from 'node:http';

/** Which Salesforce host a request came to. */
export type HostKind = 'login' | 'test' | 'org';

/** A request whose body has been read. */
export class HttpRequest {
  readonly method: string;
  readonly host: HostKind;
  /** Such as `http://localhost:3100`. */
  readonly origin: string;
  readonly path: string;
  readonly query: URLSearchParams;
  readonly headers: Record<string, string | undefined>;
  readonly body: string;
  /** Length of request line and headers, in bytes. */
  readonly headBytes: number;
  /** Set by a fault: rows a result page leaves out. */
  truncateRows = 0;
  readonly signal: AbortSignal;

  constructor(raw: IncomingMessage, body: string, host: HostKind, origin: string, signal: AbortSignal) {
    const url = new URL(raw.url ?? '/', origin);
    this.method = raw.method ?? 'GET';
    this.host = host;
    this.origin = origin;
    this.path = url.pathname;
    this.query = url.searchParams;
    this.headers = Object.fromEntries(Object.entries(raw.headers).map(([name, value]) => [name, Array.isArray(value) ? value.join(', ') : value]));
    this.body = body;
    this.headBytes = (raw.url?.length ?? 0) + raw.rawHeaders.reduce((sum, part) => sum + part.length + 2, 0);
    this.signal = signal;
  }

  /** Fields of a form body. */
  form(): URLSearchParams {
    return new URLSearchParams(this.body);
  }

  get grantType(): string | undefined {
    return this.path.endsWith('/services/oauth2/token') ? (this.form().get('grant_type') ?? undefined) : undefined;
  }

  get acceptsGzip(): boolean {
    return /\bgzip\b/i.test(this.headers['accept-encoding'] ?? '');
  }

  /** A cookie's value. */
  cookie(name: string): string | undefined {
    for (const pair of (this.headers['cookie'] ?? '').split(';')) {
      const [key, value] = pair.trim().split('=', 2);
      if (key === name) return value;
    }
    return undefined;
  }
}
