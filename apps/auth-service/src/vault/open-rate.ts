const minuteMs = 60_000;
/** So many in a minute are never strange: a restart opens much at once. */
const quiet = 200;
const alarmFactor = 5;
/** Weight of the last minute in what is usual. */
const weight = 0.1;

/** Counts by the minute and says when a minute is far above what is usual. */
export class OpenRate {
  #minute = 0;
  #count = 0;
  #usual: number | undefined;
  #alarmed = false;

  /**
   * Counts one more at an instant in milliseconds.
   * @returns the count of this minute when it first passes five times the usual one; else undefined
   */
  count(atMs: number): { readonly count: number; readonly usual: number } | undefined {
    this.#turn(Math.floor(atMs / minuteMs));
    this.#count += 1;
    const usual = this.#usual ?? this.#count;
    if (this.#alarmed || this.#count <= quiet || this.#count <= alarmFactor * usual) return undefined;
    this.#alarmed = true;
    return { count: this.#count, usual: Math.round(usual) };
  }

  /** An alarming minute does not become the usual one. */
  #turn(minute: number): void {
    if (minute === this.#minute) return;
    if (this.#minute > 0 && !this.#alarmed) this.#usual = this.#usual === undefined ? this.#count : this.#usual * (1 - weight) + this.#count * weight;
    this.#minute = minute;
    this.#count = 0;
    this.#alarmed = false;
  }
}
