import { Unavailable } from '@tributary/failures';

const windowMs = 30_000;
const leastCalls = 20;
const restMs = 10_000;

interface Host {
  calls: { readonly at: number; readonly answered: boolean }[];
  restsUntil: number;
}

/** Rests a login host for ten seconds once half of at least twenty calls within thirty seconds went unanswered. Per process: each sees its own calls. */
export class LoginHostBreaker {
  readonly #hosts = new Map<string, Host>();

  /** @param now milliseconds of a clock that never goes back */
  constructor(private readonly now: () => number = () => performance.now()) {}

  /** @throws Unavailable `LOGIN_HOST_RESTS` */
  requireAwake(origin: string): void {
    const restMs = (this.#hosts.get(origin)?.restsUntil ?? 0) - this.now();
    if (restMs > 0) throw new Unavailable('LOGIN_HOST_RESTS', 'Salesforce sign-in is not answering. We wait a moment before we ask again.', { retryAfterMs: Math.ceil(restMs) });
  }

  note(origin: string, answered: boolean): void {
    const now = this.now();
    const host = this.#hosts.get(origin) ?? { calls: [], restsUntil: 0 };
    this.#hosts.set(origin, host);
    host.calls = [...host.calls.filter(({ at }) => now - at < windowMs), { at: now, answered }];
    if (host.calls.length < leastCalls || host.calls.filter((call) => !call.answered).length * 2 < host.calls.length) return;
    // After the rest it begins to count anew: the first calls then show whether the host is back.
    Object.assign(host, { calls: [], restsUntil: now + restMs });
  }
}
