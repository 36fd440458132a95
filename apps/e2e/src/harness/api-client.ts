import { until } from '@tributary/testing';
import type { SimulatorControl } from './simulator-control.ts';

export interface ApiAnswer<T> {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  /** The body as JSON; undefined when it is none. */
  readonly body: T;
}

/** A client that is no browser: keeps cookies, follows nothing by itself. */
export class ApiClient {
  readonly #cookies = new Map<string, string>();

  constructor(
    readonly url: string,
    /** Told each answer. */
    private readonly onAnswer: (path: string, answer: ApiAnswer<unknown>) => void = () => undefined,
  ) {}

  get cookies(): string {
    return [...this.#cookies].map(([name, value]) => `${name}=${value}`).join('; ');
  }

  async ask<T>(method: string, path: string, body?: unknown, headers: Readonly<Record<string, string>> = {}): Promise<ApiAnswer<T>> {
    const response = await fetch(new URL(path, this.url), {
      method, redirect: 'manual',
      headers: { ...(this.#cookies.size === 0 ? {} : { cookie: this.cookies }), ...(body === undefined ? {} : { 'content-type': 'application/json' }), ...headers },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    for (const cookie of response.headers.getSetCookie()) this.#keep(cookie);
    const text = await response.text();
    const answer = { status: response.status, headers: response.headers, text, body: jsonOf(text) as T };
    this.onAnswer(path, answer);
    return answer;
  }

  get<T>(path: string): Promise<ApiAnswer<T>> {
    return this.ask('GET', path);
  }

  /** Body of a 2xx answer. @throws Error with the problem otherwise */
  async read<T>(path: string): Promise<T> {
    const { status, body, text } = await this.get<T>(path);
    if (status < 200 || status > 299) throw new Error(`GET ${path} answered ${status}: ${text.slice(0, 500)}`);
    return body;
  }

  /** From here on the connection syncs when it is asked to, and otherwise once a day: one that nobody looks at shall not take the machine from the cases after it. */
  async syncRarely(connectionId: string): Promise<void> {
    await until('the settings of the sync', async () => {
      const { status, text } = await this.ask('PUT', `/api/connections/${connectionId}/sync-settings`, { intervalSeconds: 86_400 });
      // What is synced is told of a consent by an event, a moment after the consent.
      if (status !== 200 && status !== 404) throw new Error(`the settings of the sync answered ${status}: ${text.slice(0, 500)}`);
      return status === 200;
    }, 60_000);
  }

  /** @returns rows of a query */
  async query(connectionId: string, query: Readonly<Record<string, unknown>>): Promise<Figures> {
    const { status, body, text } = await this.ask<Figures>('POST', `/api/connections/${connectionId}/query`, query);
    if (status !== 200) throw new Error(`the query answered ${status}: ${text.slice(0, 500)}`);
    return body;
  }

  /** Where the product sends somebody who wants to connect. */
  async startConsent(login?: string, path = '/'): Promise<string> {
    const parameters = new URLSearchParams({ ...(login === undefined ? {} : { login }), return: path });
    const { headers } = await this.get(`/connect/salesforce?${parameters.toString()}`);
    return headers.get('location') ?? '';
  }

  /** The whole consent of a person. @returns the connection's id */
  async signIn(simulator: SimulatorControl, username?: string): Promise<string> {
    const callback = await simulator.approve(await this.startConsent(), username === undefined ? {} : { username });
    const { pathname, search } = new URL(callback);
    const { status, headers } = await this.get(pathname + search);
    if (status !== 303 || headers.get('location')?.includes('failed') === true) throw new Error(`the consent ended at ${headers.get('location') ?? status}`);
    const { connections } = await this.read<{ connections: { id: string; createdAt: string }[] }>('/api/connections');
    const newest = connections.toSorted((a, b) => b.createdAt.localeCompare(a.createdAt))[0];
    if (newest === undefined) throw new Error('there is no connection after the consent');
    return newest.id;
  }

  #keep(cookie: string): void {
    const [pair = ''] = cookie.split(';', 1);
    const at = pair.indexOf('=');
    if (/max-age=0/i.test(cookie)) this.#cookies.delete(pair.slice(0, at));
    else this.#cookies.set(pair.slice(0, at), pair.slice(at + 1));
  }
}

/** Answer of a query, as far as tests look at it. */
export interface Figures {
  readonly columns: readonly { readonly key: string }[];
  readonly rows: readonly Readonly<Record<string, string | null | Readonly<Record<string, string>>>>[];
  readonly totals?: Readonly<Record<string, string | null | Readonly<Record<string, string>>>>;
  readonly coverage: { readonly status: string };
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
