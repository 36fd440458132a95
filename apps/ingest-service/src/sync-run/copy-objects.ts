import { Injectable } from '@nestjs/common';
import { eachInParallel } from '@tributary/service-kit';
import { DeleteFinishedJobs } from '../extract/delete-finished-jobs.ts';
import { ExtractObject } from '../extract/extract-object.ts';
import type { OrgAccess } from '../extract/org-access.ts';
import { RefreshFormulas } from '../formula/refresh-formulas.ts';
import type { ObjectTracker } from './object-tracker.ts';
import type { ClaimedRun } from './run-lease.ts';

const objectsAtOnce = 3;

/** The objects of a run and what copies them. */
export interface ObjectsToCopy {
  readonly run: ClaimedRun;
  readonly schema: string;
  readonly org: OrgAccess;
  readonly trackers: readonly ObjectTracker[];
  readonly signal: AbortSignal;
}

@Injectable()
export class CopyObjects {
  constructor(
    private readonly extractObject: ExtractObject,
    private readonly refreshFormulas: RefreshFormulas,
    private readonly deleteFinishedJobs: DeleteFinishedJobs,
  ) {}

  /** Copies what is not done yet, in order of value, three objects at a time, and then the formulas that no stamp tells of. @throws what concerns the whole run */
  async execute({ run, schema, org, trackers, signal }: ObjectsToCopy): Promise<void> {
    try {
      await eachInParallel(trackers.filter(({ isDone }) => !isDone), objectsAtOnce, async (tracker) => {
        signal.throwIfAborted();
        await this.extractObject.execute({ run, schema, org: org.client(tracker.object), tracker, signal });
      });
      await this.refreshFormulas.execute({ run, schema, org, trackers, signal });
    } finally {
      if (!signal.aborted) await this.deleteFinishedJobs.execute(run.connectionId, org);
    }
  }
}
