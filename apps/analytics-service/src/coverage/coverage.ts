import type { Coverage, CoverageStatus } from '@tributary/api-contracts';
import type { CopiedObject } from '../warehouse/catalogue.ts';

/** A copy that Salesforce has not confirmed for so long is stale. */
const staleAfterMs = 24 * 3_600_000;

export type CoverageObject = Coverage['objects'][number];

/** How complete the objects behind an answer are, worst first told; `missing` objects are those the org does not copy. */
export function coverageOf(objects: readonly CopiedObject[], notes: Coverage['notes'], now: Date): Coverage {
  const covered = objects.map((object) => coverageOfObject(object, now));
  return { status: worstOf(covered.map(({ status }) => status)), objects: covered, notes };
}

/** The state of one object's copy. */
export function coverageOfObject(object: CopiedObject, now: Date): CoverageObject {
  return {
    object: object.object,
    status: statusOf(object, now),
    rows: object.storedRows.toString(),
    sourceRows: object.sourceRows?.toString() ?? null,
    tombstones: object.tombstones.toString(),
    receipt: object.receipt,
    asOf: object.asOf?.toISOString() ?? null,
    reason: object.reason ?? reasons[statusOf(object, now)],
  };
}

/** From good to bad. */
const order: readonly CoverageStatus[] = ['complete', 'stale', 'partial', 'loading', 'unknown'];

export function worstOf(statuses: readonly CoverageStatus[]): CoverageStatus {
  return statuses.reduce((worst, status) => (order.indexOf(status) > order.indexOf(worst) ? status : worst), statuses.length === 0 ? 'unknown' : 'complete');
}

function statusOf({ status, loadedAt, asOf }: CopiedObject, now: Date): CoverageStatus {
  switch (status) {
    case 'waiting':
    case 'loading':
      return 'loading';
    case 'partial':
      return 'partial';
    case 'failed':
      return loadedAt === null ? 'partial' : 'stale';
    case 'complete':
      if (asOf === null) return 'unknown';
      return now.getTime() - asOf.getTime() > staleAfterMs ? 'stale' : 'complete';
    default:
      return status satisfies never;
  }
}

const reasons: Readonly<Record<CoverageStatus, string | null>> = {
  complete: null,
  stale: 'Salesforce was last read more than a day ago.',
  partial: 'Some rows could not be copied.',
  loading: 'The first copy is still running.',
  unknown: 'It is not known up to when the copy reaches.',
};
