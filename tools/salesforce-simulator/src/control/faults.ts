import type { HttpRequest } from '../http/request.ts';

export type FaultAnswer =
  | { readonly status: number; readonly headers?: Readonly<Record<string, string>>; readonly body?: string }
  /** Cuts the connection before anything is done. */
  | 'reset'
  /** Does the work and drops the answer. */
  | 'lose-response'
  /** Cuts the connection after so many bytes of the body. */
  | { readonly afterBytes: number }
  /** Leaves rows out of a result page, whose headers still count them. */
  | { readonly truncateRows: number }
  /** Waits before the work. */
  | { readonly delayMs: number }
  /** Waits for something before the work. */
  | { readonly after: Promise<void> }
  /** Changes the body on its way out. */
  | { readonly tamper: (body: string) => string };

export interface Fault {
  readonly match: {
    readonly path?: RegExp;
    readonly method?: string;
    /** OAuth grant type of a token request. */
    readonly grant?: string;
    readonly host?: 'login' | 'test' | 'org';
    /** Access token the request bears. */
    readonly bearer?: string;
    /** Only from the n-th matching request on; 1 is the first. */
    readonly nth?: number;
    /** How many requests are hit; 1 with `nth`, else all. */
    readonly times?: number;
  };
  readonly answer: FaultAnswer;
}

interface ArmedFault extends Fault {
  seen: number;
  hits: number;
}

/** Faults in the order in which they were added; the first that applies wins. */
export class Faults {
  #armed: ArmedFault[] = [];

  add(fault: Fault): void {
    this.#armed.push({ ...fault, seen: 0, hits: 0 });
  }

  clear(): void {
    this.#armed = [];
  }

  /** The answer for a request; counts it as seen by every fault that matches it. */
  take(request: HttpRequest): FaultAnswer | undefined {
    let taken: FaultAnswer | undefined;
    for (const fault of this.#armed) {
      if (!matches(fault.match, request)) continue;
      fault.seen += 1;
      const { nth = 1, times = fault.match.nth === undefined ? Infinity : 1 } = fault.match;
      if (taken !== undefined || fault.seen < nth || fault.hits >= times) continue;
      fault.hits += 1;
      taken = fault.answer;
    }
    return taken;
  }
}

function matches({ path, method, grant, host, bearer }: Fault['match'], request: HttpRequest): boolean {
  if (path !== undefined && !new RegExp(path.source, path.flags.replace(/[gy]/g, '')).test(request.path)) return false;
  if (method !== undefined && method.toUpperCase() !== request.method) return false;
  if (host !== undefined && host !== request.host) return false;
  if (bearer !== undefined && request.headers['authorization'] !== `Bearer ${bearer}`) return false;
  return grant === undefined || grant === request.grantType || request.grantType?.endsWith(`:${grant}`) === true;
}
