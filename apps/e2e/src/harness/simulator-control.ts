type Value = string | number | boolean | null;
export type SimulatedRow = Readonly<Record<string, Value>>;

export interface SimulatorFacts {
  readonly loginOrigin: string;
  readonly testOrigin: string;
  readonly orgOrigin: string;
  readonly origins: readonly string[];
  readonly users: readonly { readonly username: string; readonly name: string; readonly userId: string }[];
}

/** What may be asked of Salesforce besides reading: access and its end, and jobs that read. */
export const harmlessVerbs: readonly string[] = [
  'DELETE /services/data/vXX.0/jobs/query/{id}', 'PATCH /services/data/vXX.0/jobs/query/{id}', 'POST /services/data/vXX.0/jobs/query', 'POST /services/oauth2/introspect', 'POST /services/oauth2/revoke', 'POST /services/oauth2/token',
];

/** The simulator's control over HTTP; nothing else is known of it here. */
export class SimulatorControl {
  constructor(private readonly loginOrigin: string) {}

  facts(): Promise<SimulatorFacts> {
    return this.#ask('GET', '');
  }

  /** Every code, token and secret that was ever given out. */
  tokens(): Promise<string[]> {
    return this.#ask('GET', '/tokens');
  }

  /** Rows of each object, deleted ones included. */
  counts(): Promise<Record<string, number>> {
    return this.#ask('GET', '/org');
  }

  rows(object: string): Promise<SimulatedRow[]> {
    return this.#ask('GET', `/org/records?object=${encodeURIComponent(object)}`);
  }

  /** Everything that the product has asked of Salesforce so far but reading, each once: method and path without ids and versions. A person's own forms on its pages are left out. */
  async changingVerbs(): Promise<string[]> {
    const asked = await this.#ask<{ readonly method: string; readonly path: string; readonly verb: string }[]>('GET', '/log');
    return [...new Set(asked.filter(({ method, path }) => method !== 'GET' && !/^\/(login|setup)(\/|$)/.test(path)).map(({ verb }) => verb))].toSorted();
  }

  async insert(object: string, fields: SimulatedRow): Promise<string> {
    return (await this.#ask<{ id: string }>('POST', '/org', { do: 'insert', object, fields })).id;
  }

  async update(object: string, id: string, fields: SimulatedRow): Promise<void> {
    await this.#ask('POST', '/org', { do: 'update', object, id, fields });
  }

  async delete(object: string, id: string): Promise<void> {
    await this.#ask('POST', '/org', { do: 'delete', object, id });
  }

  /** Puts a certificate to the app, in place of the one before. */
  async registerCertificate(pem: string): Promise<void> {
    await this.#ask('POST', '/app', { certificates: [pem] });
  }

  /** Ends what a user has consented to, as an administrator of the org does. */
  async revoke(username: string): Promise<void> {
    await this.#ask('POST', '/revoke', { username });
  }

  /** Deals move by themselves, or stand still with null. */
  async setMoving(everyMs: number | null): Promise<void> {
    await this.#ask('POST', '/moving', { everyMs });
  }

  async settings(change: Readonly<Record<string, unknown>>): Promise<void> {
    await this.#ask('POST', '/settings', change);
  }

  async addFault(fault: { readonly match: Readonly<Record<string, unknown>>; readonly answer: unknown }): Promise<void> {
    await this.#ask('POST', '/faults', fault);
  }

  async clearFaults(): Promise<void> {
    await this.#ask('DELETE', '/faults');
  }

  /** Plays the person on the login and consent pages. @returns the callback address */
  async approve(url: string, options: { readonly username?: string; readonly deny?: boolean } = {}): Promise<string> {
    return (await this.#ask<{ callback: string }>('POST', '/approve', { url, ...options })).callback;
  }

  async #ask<T>(method: string, path: string, body?: unknown): Promise<T> {
    const answer = await fetch(`${this.loginOrigin}/__simulator${path}`, { method, ...(body === undefined ? {} : { body: JSON.stringify(body) }) });
    const text = await answer.text();
    if (!answer.ok) throw new Error(`the simulator refused ${method} ${path}: ${text}`);
    return JSON.parse(text) as T;
  }
}
