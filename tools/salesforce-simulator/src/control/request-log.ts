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

/** From the arrival of a request to the end of its answer, by a monotonic clock. */
interface Span {
  readonly verb: string;
  readonly fromMs: number;
  untilMs: number;
}

const capacity = 50_000;

/** The requests of a run, newest last. */
export class RequestLog {
  #entries: LogEntry[] = [];
  #spans: Span[] = [];

  /** Notes that a request is here. @returns called when its answer has ended */
  arrived(verb: string): () => void {
    const span: Span = { verb, fromMs: performance.now(), untilMs: Infinity };
    this.#spans.push(span);
    if (this.#spans.length > capacity) this.#spans = this.#spans.slice(-capacity / 2);
    return () => (span.untilMs = Math.min(span.untilMs, performance.now()));
  }

  /** The most requests that were here at the same time. @param verbs which of them */
  mostAtOnce(verbs: RegExp): number {
    const some = this.#spans.filter(({ verb }) => verbs.test(verb));
    // Where one ends as another begins, they were not here together.
    const steps = some.flatMap(({ fromMs, untilMs }) => [[fromMs, 1], [untilMs, -1]] as const).toSorted(([a, up], [b, down]) => a - b || up - down);
    let [now, most] = [0, 0];
    for (const [, step] of steps) most = Math.max(most, (now += step));
    return most;
  }

  add(entry: LogEntry): void {
    this.#entries.push(entry);
    if (this.#entries.length > capacity) this.#entries = this.#entries.slice(-capacity / 2);
  }

  entries(): readonly LogEntry[] {
    return this.#entries;
  }

  clear(): void {
    this.#entries = [];
    this.#spans = [];
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
