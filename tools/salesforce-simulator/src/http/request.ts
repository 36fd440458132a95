import type { IncomingMessage } from 'node:http';

/** Which Salesforce host a request came to. */
export type HostKind = 'login' | 'test' | 'org';

interface RequestParts {
  readonly method: string;
  readonly host: HostKind;
  readonly url: URL;
  readonly headers: Readonly<Record<string, string | undefined>>;
  readonly body: string;
  readonly headBytes: number;
  readonly signal: AbortSignal;
}

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

  constructor({ method, host, url, headers, body, headBytes, signal }: RequestParts) {
    this.method = method;
    this.host = host;
    this.origin = url.origin;
    this.path = url.pathname;
    this.query = url.searchParams;
    this.headers = { ...headers };
    this.body = body;
    this.headBytes = headBytes;
    this.signal = signal;
  }

  static from(raw: IncomingMessage, body: string, host: HostKind, origin: string, signal: AbortSignal): HttpRequest {
    const headers = Object.fromEntries(Object.entries(raw.headers).map(([name, value]) => [name, Array.isArray(value) ? value.join(', ') : value]));
    const headBytes = (raw.url?.length ?? 0) + raw.rawHeaders.reduce((sum, part) => sum + part.length + 2, 0);
    return new HttpRequest({ method: raw.method ?? 'GET', host, url: new URL(raw.url ?? '/', origin), headers, body, headBytes, signal });
  }

  /** A request of the same caller for something else, without a body. */
  inner(method: string, url: URL): HttpRequest {
    const { host, headers, signal } = this;
    return new HttpRequest({ method, host, url, headers, body: '', headBytes: 0, signal });
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
