import type { KeyObject } from 'node:crypto';
import { agreeWith, type KeyAgreement } from '@tributary/token-lease';

/** An agreement wraps the content keys of one second's leases, a thousand at the most; its private half is gone before the first of them. */
const longestMs = 1_000;
const mostLeases = 1_000;

interface Present {
  readonly agreement: KeyAgreement;
  readonly madeAt: number;
  leases: number;
}

/** The present key agreement with each recipient. */
export class KeyAgreements {
  readonly #present = new Map<KeyObject, Present>();

  /** @param now milliseconds of a clock that never goes back */
  constructor(private readonly now: () => number = () => performance.now()) {}

  /** For one lease. */
  with(recipient: KeyObject): KeyAgreement {
    const known = this.#present.get(recipient);
    const now = this.now();
    const present = known === undefined || known.leases >= mostLeases || now - known.madeAt >= longestMs ? { agreement: agreeWith(recipient), madeAt: now, leases: 0 } : known;
    present.leases += 1;
    this.#present.set(recipient, present);
    return present.agreement;
  }
}
