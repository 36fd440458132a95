/** So many may be opened at a stretch: a restart, or a herd of refreshes, opens much at once. */
const burst = 1_000;
/** Far above what refreshes and leases open, and too little to empty a large vault unseen. */
const perSecond = 200;

/** Spaces opens out: the first thousand at once, then two hundred each second. */
export class OpenLimit {
  /** When the burst would be whole again, if nothing more was opened. */
  #fullAgainAt = Number.NEGATIVE_INFINITY;

  /**
   * Takes the next place.
   * @param nowMs milliseconds of a clock that never goes back
   * @param mostMs longest wait; a place further away is not taken
   * @returns milliseconds to wait before opening; undefined when that would be too long
   */
  next(nowMs: number, mostMs: number): number | undefined {
    const fullAgainAt = Math.max(this.#fullAgainAt, nowMs) + 1_000 / perSecond;
    const waitMs = Math.max(0, fullAgainAt - nowMs - (burst * 1_000) / perSecond);
    if (waitMs > mostMs) return undefined;
    this.#fullAgainAt = fullAgainAt;
    return waitMs;
  }
}
