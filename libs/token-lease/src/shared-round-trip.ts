interface Waiting<Question, Answer> {
  readonly question: Question;
  readonly resolve: (answer: Answer) => void;
  readonly reject: (error: unknown) => void;
}

/** How questions travel. */
export interface RoundTrips {
  /** Round trips under way: two keep the other side busy while the next one fills. */
  readonly atOnce: number;
  /** Questions in one of them. */
  readonly mostQuestions: number;
}

/**
 * Asks together what is asked at the same time. A question that finds a free place leaves at once; the others wait for the next round trip,
 * which therefore starts after every question in it was asked: no answer is older than its question.
 */
export class SharedRoundTrip<Question, Answer> {
  readonly #ask: (questions: readonly Question[]) => Promise<readonly Answer[]>;
  readonly #limits: RoundTrips;
  #waiting: Waiting<Question, Answer>[] = [];
  #underWay = 0;

  /** @param ask gives one answer per question, in their order */
  constructor(ask: (questions: readonly Question[]) => Promise<readonly Answer[]>, limits: RoundTrips) {
    this.#ask = ask;
    this.#limits = limits;
  }

  /** @throws what `ask` throws, for everybody who was in that round trip */
  async answerTo(question: Question): Promise<Answer> {
    const { promise, resolve, reject } = Promise.withResolvers<Answer>();
    this.#waiting.push({ question, resolve, reject });
    this.#leave();
    return promise;
  }

  #leave(): void {
    if (this.#underWay >= this.#limits.atOnce || this.#waiting.length === 0) return;
    this.#underWay += 1;
    // What is asked in the same turn of the event loop goes along.
    setImmediate(() => void this.#travel(this.#waiting.splice(0, this.#limits.mostQuestions)));
  }

  async #travel(travellers: readonly Waiting<Question, Answer>[]): Promise<void> {
    try {
      const answers = travellers.length === 0 ? [] : await this.#ask(travellers.map(({ question }) => question));
      if (answers.length !== travellers.length) throw new Error('there must be one answer per question');
      travellers.forEach(({ resolve }, index) => resolve(answers[index] as Answer));
    } catch (error) {
      for (const { reject } of travellers) reject(error);
    } finally {
      this.#underWay -= 1;
      this.#leave();
    }
  }
}
