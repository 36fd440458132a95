/** Requests live 30 seconds, and a little for the clocks; two halves of that length cover it whenever they are exchanged. */
const halfMs = 40_000;

/** Ids of requests seen in the last 40 to 80 seconds. Beside the ledger, so that even a database that lost its last moments lets nothing through twice. */
export class ReplayGuard {
  #present = new Set<string>();
  #before = new Set<string>();
  #exchangedAt: number;

  /** @param now milliseconds of a clock that never goes back */
  constructor(private readonly now: () => number = () => performance.now()) {
    this.#exchangedAt = now();
  }

  /** Notes an id. @returns false when it was seen already */
  admit(id: string): boolean {
    this.#exchange();
    if (this.#present.has(id) || this.#before.has(id)) return false;
    this.#present.add(id);
    return true;
  }

  #exchange(): void {
    const now = this.now();
    if (now - this.#exchangedAt < halfMs) return;
    this.#before = now - this.#exchangedAt < 2 * halfMs ? this.#present : new Set();
    this.#present = new Set();
    this.#exchangedAt = now;
  }
}
