/** One request as it came in; no header and no body, which may hold secrets. */
export interface LogEntry {
  readonly at: Date;
  readonly method: string;
  readonly host: 'login' | 'test' | 'org';
  readonly path: string;
  readonly query: Readonly<Record<string, string>>;
  /** 0 when the connection was cut instead of an answer. */
  readonly status: number;
  readonly grantType?: string;
  /** Method and path with ids and versions replaced, such as `GET /services/data/vXX.0/jobs/query/{id}/results`. */
  readonly verb: string;
}

const capacity = 50_000;

/** The requests of a run, newest last. */
export class RequestLog {
  #entries: LogEntry[] = [];

  add(entry: LogEntry): void {
    this.#entries.push(entry);
    if (this.#entries.length > capacity) this.#entries = this.#entries.slice(-capacity / 2);
  }

  entries(): readonly LogEntry[] {
    return this.#entries;
  }

  clear(): void {
    this.#entries = [];
  }
}

export function verbOf(method: string, path: string): string {
  const template = path
    .replace(/\/v\d+\.\d+/, '/vXX.0')
    .replace(/\/jobs\/query\/\w+/, '/jobs/query/{id}')
    .replace(/\/(query|queryAll)\/[\w-]+$/, '/$1/{locator}')
    .replace(/\/sobjects\/\w+/, '/sobjects/{object}')
    .replace(/^\/id\/00D\w+\/005\w+$/, '/id/{org}/{user}');
  return `${method} ${template}`;
}
