/** Retries an org is asked for at once before it has earned any: a short trouble of several objects is ridden out. */
const reserve = 20;
/** Of all calls; what a storm may cost Salesforce on top. */
const share = 0.1;

/**
 * Retries of one org, over all who call it: a tenth of its calls, and a small reserve that calls fill up again. In a long trouble the calls
 * fail after their first attempt, and the next run asks again.
 */
export class RetryBudget {
  #left = reserve;

  /** A call begins, whatever its end. */
  earn(): void {
    this.#left = Math.min(reserve, this.#left + share);
  }

  /** @returns whether one more attempt may be made; it is then spent */
  spend(): boolean {
    if (this.#left < 1) return false;
    this.#left -= 1;
    return true;
  }
}
