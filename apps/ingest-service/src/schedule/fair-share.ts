/** A run that is open and that nobody works on. */
export interface WaitingRun {
  readonly id: string;
  readonly workspace: string;
  readonly org: string;
  /** A first copy takes long; an update is short unless it shows otherwise. */
  readonly kind: 'first' | 'incremental';
  /** Milliseconds since it was opened. */
  readonly waitedMs: number;
}

/** A run at work. */
export interface RunAtWork {
  readonly workspace: string;
  readonly org: string;
  readonly kind: 'first' | 'incremental';
  /** Milliseconds since its work began. */
  readonly workedMs: number;
}

/** A run at work in another process. */
export type OtherRun = Pick<RunAtWork, 'workspace' | 'org'>;

/** Places of one process. */
export interface Places {
  /** Runs at work together. */
  readonly all: number;
  /** Of them for long ones, so that short ones always find a place. */
  readonly long: number;
  /** Of one org: each reads three objects, and an org takes ten export jobs. */
  readonly perOrg: number;
}

export const usualPlaces: Places = { all: 6, long: 3, perOrg: 3 };
/** An update that works longer than this counts as long. */
export const longAfterMs = 30_000;

/** Whether this process may begin another run at all. Updates that grew long give their short places back, within reason. */
export function hasPlace(atWork: readonly RunAtWork[], places: Places = usualPlaces): boolean {
  const overdue = Math.max(0, atWork.filter(isLong).length - places.long);
  return atWork.length - overdue < places.all && atWork.length < 2 * places.all;
}

/**
 * Which waiting run begins next, if any may: that of the workspace with the fewest runs at work, the longest waiting one first.
 * Long runs never hold all places, and no org has more than its own; so a run waits only for runs that end.
 * @param elsewhere what other processes work on: places of an org and shares of a workspace count together
 */
export function nextRun(waiting: readonly WaitingRun[], atWork: readonly RunAtWork[], elsewhere: readonly OtherRun[] = [], places: Places = usualPlaces): WaitingRun | undefined {
  if (!hasPlace(atWork, places)) return undefined;
  const everywhere: readonly OtherRun[] = [...atWork, ...elsewhere];
  const ofOrg = tally(everywhere, ({ org }) => org);
  const ofWorkspace = tally(everywhere, ({ workspace }) => workspace);
  const longIsFree = atWork.filter(isLong).length < places.long;
  let best: WaitingRun | undefined;
  for (const run of waiting) {
    if ((ofOrg.get(run.org) ?? 0) >= places.perOrg || (run.kind === 'first' && !longIsFree)) continue;
    if (best === undefined || isBefore(run, best, ofWorkspace)) best = run;
  }
  return best;
}

function isBefore(a: WaitingRun, b: WaitingRun, ofWorkspace: ReadonlyMap<string, number>): boolean {
  const share = (ofWorkspace.get(a.workspace) ?? 0) - (ofWorkspace.get(b.workspace) ?? 0);
  return share < 0 || (share === 0 && (a.waitedMs > b.waitedMs || (a.waitedMs === b.waitedMs && a.id < b.id)));
}

function isLong({ kind, workedMs }: RunAtWork): boolean {
  return kind === 'first' || workedMs > longAfterMs;
}

function tally(runs: readonly OtherRun[], keyOf: (run: OtherRun) => string): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const run of runs) counts.set(keyOf(run), (counts.get(keyOf(run)) ?? 0) + 1);
  return counts;
}
