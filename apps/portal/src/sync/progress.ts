import type { ObjectProgress, Receipt, SyncRun, SyncRunObject } from '@tributary/api-contracts';
import type { StateLook } from '../shared/tone.ts';

/** How far a whole run is. */
export interface OverallProgress {
  readonly rowsDone: number;
  /** Undefined while some object has not been counted. */
  readonly rowsTotal: number | undefined;
  /** Between 0 and 1; undefined while nothing is known. */
  readonly share: number | undefined;
  readonly objectsDone: number;
  readonly objects: number;
  readonly rowsPerSecond: number;
  readonly etaSeconds: { readonly from: number; readonly to: number } | undefined;
}

/** The sum over objects; the share never reaches 1 before every object has ended, and while some are not counted it claims no more than the objects' own shares allow. */
export function overallOf(objects: readonly ObjectProgress[]): OverallProgress {
  const rowsDone = objects.reduce((sum, object) => sum + object.rowsDone, 0);
  const counted = objects.length > 0 && objects.every(({ rowsTotal, status }) => rowsTotal !== null || isEnded(status));
  const rowsTotal = objects.reduce((sum, object) => sum + Math.max(object.rowsTotal ?? 0, object.rowsDone), 0);
  const objectsDone = objects.filter(({ status }) => isEnded(status)).length;
  const ended = objects.length > 0 && objectsDone === objects.length;
  const etas = objects.flatMap(({ etaSeconds }) => (etaSeconds === null ? [] : [etaSeconds]));
  return {
    rowsDone,
    rowsTotal: counted ? rowsTotal : undefined,
    share: ended ? 1 : rowsTotal === 0 ? undefined : Math.min(0.99, rowsDone / rowsTotal, counted ? 1 : meanShare(objects)),
    objectsDone,
    objects: objects.length,
    rowsPerSecond: objects.reduce((sum, { status, rowsPerSecond }) => sum + (isEnded(status) ? 0 : (rowsPerSecond ?? 0)), 0),
    etaSeconds: ended || etas.length === 0 ? undefined : { from: Math.max(...etas.map(({ from }) => from)), to: Math.max(...etas.map(({ to }) => to)) },
  };
}

function meanShare(objects: readonly ObjectProgress[]): number {
  return objects.reduce((sum, object) => sum + (isEnded(object.status) ? 1 : (shareOf(object) ?? 0)), 0) / objects.length;
}

/** Share of one object; undefined when its source has not been counted. */
export function shareOf({ rowsDone, rowsTotal, status }: ObjectProgress): number | undefined {
  if (status === 'complete') return 1;
  return rowsTotal === null || rowsTotal === 0 ? undefined : Math.min(0.99, rowsDone / rowsTotal);
}

export function isEnded(status: ObjectProgress['status']): boolean {
  return status === 'complete' || status === 'partial' || status === 'failed';
}

/** Only `complete` is green, and that means its receipts agree. */
export const progressLooks: Readonly<Record<ObjectProgress['status'], StateLook>> = {
  waiting: { tone: 'off', icon: 'i-lucide-clock' },
  counting: { tone: 'busy', icon: 'i-lucide-hash' },
  extracting: { tone: 'busy', icon: 'i-lucide-arrow-down-to-line' },
  merging: { tone: 'busy', icon: 'i-lucide-database' },
  complete: { tone: 'ok', icon: 'i-lucide-circle-check' },
  partial: { tone: 'warn', icon: 'i-lucide-circle-alert' },
  failed: { tone: 'bad', icon: 'i-lucide-circle-x' },
};

/** The receipts of one object in a run, added up. */
export interface ReceiptSum {
  readonly object: string;
  readonly label: string;
  readonly windows: number;
  /** Undefined when a window was not counted at the source. */
  readonly source: number | undefined;
  /** Rows that Bulk jobs say they wrote; undefined when REST read a window. */
  readonly job: number | undefined;
  /** Undefined when those of a window were not counted. */
  readonly pages: number | undefined;
  readonly parsed: number;
  readonly superseded: number;
  readonly inserted: number;
  readonly updated: number;
  readonly unchanged: number;
  readonly tombstones: number;
  readonly apiCalls: number;
  readonly agrees: boolean;
  readonly reasons: readonly string[];
}

/** One line per object; it agrees only when every window of it does. */
export function receiptsOf(run: SyncRun): readonly ReceiptSum[] {
  return run.objects.filter(({ receipts }) => receipts.length > 0).map(sumOf);
}

function sumOf({ object, label, status, receipts }: SyncRunObject): ReceiptSum {
  const sum = (pick: (receipt: Receipt) => number): number => receipts.reduce((total, receipt) => total + pick(receipt), 0);
  const known = (pick: (receipt: Receipt) => number | null | undefined): number | undefined => (receipts.every((receipt) => pick(receipt) != null) ? sum((receipt) => pick(receipt) ?? 0) : undefined);
  return {
    object, label, windows: receipts.length,
    source: known(({ sourceCount }) => sourceCount), job: known(({ jobCount }) => jobCount), pages: known(({ pages }) => pages),
    parsed: sum(({ parsed }) => parsed), superseded: sum(({ superseded }) => superseded ?? 0), inserted: sum(({ inserted }) => inserted), updated: sum(({ updated }) => updated),
    unchanged: sum(({ unchanged }) => unchanged), tombstones: sum(({ tombstones }) => tombstones), apiCalls: sum(({ apiCalls }) => apiCalls),
    agrees: status !== 'failed' && status !== 'partial' && receipts.every(({ complete }) => complete),
    reasons: [...new Set(receipts.flatMap(({ reason }) => (reason === null ? [] : [reason])))],
  };
}
