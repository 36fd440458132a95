/** An answer before faults and compression. */
export interface Reply {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | readonly string[]>>;
  /** Text, bytes, or pieces made as the reader takes them. */
  readonly body: string | Buffer | AsyncIterable<Buffer>;
}

const noStore = 'no-cache,must-revalidate,max-age=0,no-store,private';

export function json(status: number, value: unknown, headers: Reply['headers'] = {}): Reply {
  return { status, headers: { 'content-type': 'application/json;charset=UTF-8', 'cache-control': noStore, ...headers }, body: JSON.stringify(value) };
}

export function plain(status: number, text: string, headers: Reply['headers'] = {}): Reply {
  return { status, headers: { 'content-type': 'text/plain;charset=UTF-8', 'cache-control': noStore, ...headers }, body: text };
}

export function html(status: number, page: string, headers: Reply['headers'] = {}): Reply {
  return {
    status,
    headers: {
      'content-type': 'text/html;charset=UTF-8', 'cache-control': noStore, 'x-frame-options': 'DENY', 'referrer-policy': 'no-referrer',
      'content-security-policy': "default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; frame-ancestors 'none'", ...headers,
    },
    body: page,
  };
}

export function redirect(location: string, headers: Reply['headers'] = {}): Reply {
  return { status: 302, headers: { location, 'cache-control': noStore, ...headers }, body: '' };
}

export function empty(status: number, headers: Reply['headers'] = {}): Reply {
  return { status, headers, body: '' };
}
