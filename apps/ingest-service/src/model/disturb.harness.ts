import type { SqlPool } from '@tributary/persistence';
import type { Simulator } from '@tributary/salesforce-simulator';
import { answerOf, callsOf, failuresOf } from './calls.harness.ts';
import type { ModelOrg } from './model-org.harness.ts';
import type { Disturbance } from './scenario.harness.ts';

const secondMs = 1_000;

/** The org and the connection that are disturbed. */
export interface Disturbed {
  readonly simulator: Simulator;
  readonly model: ModelOrg;
  readonly pool: SqlPool;
  readonly connectionId: string;
  /** Lets a worker look for work at once. */
  readonly wake: () => void;
}

/** Lets things go wrong and change until it is ended. */
export class Disturbing {
  #moved = false;
  readonly #takeOvers: Promise<void>[] = [];

  constructor(
    private readonly on: Disturbed,
    { troubles, meanwhile, failedJobs, noJobsLeft, takenOver = [] }: Disturbance,
  ) {
    const { faults, settings, clock } = on.simulator;
    for (const { at, nth, changes } of meanwhile) {
      this.#when({ at, nth }, () => {
        this.#moved = true;
        clock.advance(secondMs);
        for (const change of changes) on.model.apply(change);
      });
    }
    for (const call of takenOver) this.#when(call, () => void this.#takeOvers.push(this.#takeOver()));
    for (const trouble of troubles) faults.add({ match: callsOf(trouble), answer: answerOf(trouble.what) });
    settings.bulkFailures = failuresOf(failedJobs);
    settings.bulkJobsPerDay = noJobsLeft ? 0 : 10_000;
  }

  /** Whether anything changed at Salesforce meanwhile. */
  get moved(): boolean {
    return this.#moved;
  }

  async end(): Promise<void> {
    const { faults, settings } = this.on.simulator;
    faults.clear();
    settings.bulkFailures = [];
    settings.bulkJobsPerDay = 10_000;
    await Promise.all(this.#takeOvers);
  }

  #when(call: Parameters<typeof callsOf>[0], then: () => void): void {
    this.on.simulator.faults.add({
      match: callsOf(call),
      answer: {
        tamper: (body) => {
          then();
          return body;
        },
      },
    });
  }

  /** The worker is silent for too long, by the database's clock: the run is free, and whoever looks first has it. */
  async #takeOver(): Promise<void> {
    await this.on.pool.query(`update sync_run set lease_until = now() - interval '1 second' where connection_id = $1 and status = 'running'`, [this.on.connectionId]);
    this.on.wake();
  }
}
