import { randomUUID } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import type { DoctorFacts } from '@tributary/api-contracts';
import type { ConnectionId } from '@tributary/event-contracts';
import { Unavailable } from '@tributary/failures';
import type { BulkClient } from '@tributary/salesforce-client';
import { eachInParallel } from '@tributary/service-kit';
import { ExportSlots, type ExportOwner } from '../budget/export-slots.ts';
import type { OrgClient } from '../extract/org-access.ts';
import { lookAt } from './look-at.ts';

/** Export jobs tried by one look, the most valuable objects first, and how many of them at a time. */
const triedJobs = 25;
const jobsAtOnce = 4;
/** Somebody looks at the page meanwhile, and other checks have the same deadline. */
const longestWaitMs = 5_000;

type Tried = Extract<DoctorFacts['bulk'], { looked: true }>['seen'];

/** Whether an export job may be made is only known by making one, for each object of its own: these count among the few that an org makes at a time, too. */
@Injectable()
export class TryExports {
  constructor(private readonly slots: ExportSlots) {}

  /** @throws Unavailable `EXPORTS_AT_WORK` when the org makes as many as it takes, for longer than a person waits */
  async execute(connectionId: ConnectionId, client: OrgClient, names: readonly string[], signal: AbortSignal): Promise<Tried> {
    const owner = { org: client.host, connectionId, object: `tried by ${randomUUID()}` };
    const atOnce = await this.#hold(owner, Math.min(names.length, jobsAtOnce), signal);
    let left = 0;
    try {
      return { objects: await eachInParallel(names.slice(0, triedJobs), atOnce, async (name) => {
        const tried = await lookAt(async () => {
          if (!(await tryJob(client.bulk(), name))) left += 1;
        });
        return { name, refused: tried.looked ? null : tried.because };
      }) };
    } finally {
      // What Salesforce may still be making keeps its slot until the lease ends.
      await this.slots.keep(owner, left);
      this.slots.leave(owner);
    }
  }

  /** @returns for how many exports there are slots: at least one, more where nobody waits for them */
  async #hold(owner: ExportOwner, wanted: number, signal: AbortSignal): Promise<number> {
    if (wanted === 0) return 0;
    const wait = AbortSignal.timeout(longestWaitMs);
    try {
      await this.slots.hold(owner, 1, AbortSignal.any([wait, signal]), () => undefined);
    } catch (error) {
      if (!wait.aborted) throw error;
      throw new Unavailable('EXPORTS_AT_WORK', `exports could not be tried now, because ${await this.slots.atWork(owner.org)} exports of this org are at work.`, { cause: error });
    }
    let held = 1;
    while (held < wanted && (await this.slots.tryHold(owner, held + 1, true))) held += 1;
    return held;
  }
}

/** The job is thrown away before it has done anything. @returns whether it is gone */
async function tryJob(bulk: BulkClient, object: string): Promise<boolean> {
  const { id } = await bulk.create(`SELECT Id FROM ${object} LIMIT 1`);
  // The job may have ended already: then there is nothing to abort.
  await bulk.abort(id).catch(() => undefined);
  return bulk.delete(id).then(() => true, () => false);
}
