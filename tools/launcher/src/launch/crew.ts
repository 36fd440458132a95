import { KeptAlive, type Watcher } from '../supervise/kept-alive.ts';
import type { Part } from '../supervise/part.ts';
import { StartProblem } from '../terminal/start-problem.ts';

/** Everything that runs, and the order in which it ends. */
export class Crew {
  readonly #watcher: Watcher;
  /** In the order of their start; a row ends together, the last row first. */
  readonly #rows: KeptAlive[][] = [];
  #isStopping = false;

  constructor(watcher: Watcher) {
    this.#watcher = watcher;
  }

  /** Starts parts together and waits until all can work. @throws StartProblem of the first that cannot */
  async start(...parts: readonly Part[]): Promise<void> {
    if (this.#isStopping) throw new StartProblem('The start was stopped.');
    const row = parts.map((part) => new KeptAlive(part, this.#watcher));
    this.#rows.push(row);
    const results = await Promise.allSettled(row.map((one) => one.start()));
    const failed = results.find((result) => result.status === 'rejected');
    if (failed !== undefined) throw failed.reason;
  }

  async stop(): Promise<void> {
    this.#isStopping = true;
    for (const row of this.#rows.toReversed()) await Promise.all(row.map((one) => one.stop()));
  }

  async kill(): Promise<void> {
    this.#isStopping = true;
    await Promise.all(this.#rows.flat().map((one) => one.kill()));
  }
}
