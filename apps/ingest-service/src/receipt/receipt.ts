/** Counts of one window, from the source to the warehouse. */
export interface WindowCounts {
  /** Rows at the source before reading; null when it could not be counted. */
  readonly sourceCount: number | null;
  /** Counted again after reading, when the first count differs from what was read. */
  readonly recount: number | null;
  /** Rows the Bulk job says it wrote; null for REST. */
  readonly jobCount: number | null;
  readonly parsed: number;
  /** Rows that were read twice; the newer one counts. */
  readonly superseded: number;
  readonly inserted: number;
  readonly updated: number;
  readonly unchanged: number;
}

export interface Completeness {
  readonly complete: boolean;
  /** Why not complete, or what explains a difference; a plain sentence. */
  readonly reason: string | null;
  /** Why not complete, where it is something else than counts that disagree. */
  readonly code?: 'DELETIONS_HELD';
}

/** Whether counts prove that a window was read whole. A difference is accepted only when a second count shows that the source itself changed while it was read. */
export function judgeCounts(counts: WindowCounts): Completeness {
  const { jobCount, parsed, superseded } = counts;
  const merged = counts.inserted + counts.updated + counts.unchanged + superseded;
  if (merged !== parsed) return missing(`${parsed} rows were read but ${merged} reached the warehouse.`);
  if (jobCount !== null && jobCount !== parsed) return missing(`Salesforce exported ${jobCount} rows but ${parsed} arrived.`);
  return judgeSource(parsed - superseded, counts);
}

/** Whether rows read need a second count at the source. */
export function needsRecount(sourceCount: number | null, distinctRows: number): boolean {
  return sourceCount !== null && sourceCount !== distinctRows;
}

function judgeSource(rows: number, { sourceCount, recount }: WindowCounts): Completeness {
  if (sourceCount === null) return { complete: true, reason: 'Salesforce cannot count this object; the rows of the export agree among themselves.' };
  if (sourceCount === rows) return { complete: true, reason: null };
  if (recount === null) return missing(`Salesforce counts ${sourceCount} rows but ${rows} were read.`);
  const changedMeanwhile = sourceCount !== recount && rows >= Math.min(sourceCount, recount) && rows <= Math.max(sourceCount, recount);
  if (changedMeanwhile || recount === rows) {
    return { complete: true, reason: `The source changed while it was read: ${sourceCount} rows before, ${recount} after, ${rows} read. The next run reads what moved.` };
  }
  return missing(`Salesforce counts ${sourceCount} rows before and ${recount} after, but ${rows} were read.`);
}

function missing(what: string): Completeness {
  return { complete: false, reason: `${what} The next run reads the same window again.` };
}
