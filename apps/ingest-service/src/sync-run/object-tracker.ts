import type { ObjectProgress } from '@tributary/api-contracts';
import type { ProgressState } from './progress.ts';

/** Follows the copying of one object; the screen and the table are told by whoever owns it. */
export class ObjectTracker {
  #status: ObjectProgress['status'] = 'waiting';
  #step = 'Waiting for its turn';
  #rowsDone = 0;
  /** Rows of windows of this run that are committed. */
  #rowsKept = 0;
  #rowsTotal: number | null = null;
  #api: ObjectProgress['api'] = null;
  #calls: () => number = () => 0;
  #workingSince: number | undefined;
  #workedMs = 0;
  #workedRows = 0;
  /** Why the object is not complete. */
  problem: { readonly code: string; readonly text: string } | undefined;

  constructor(
    readonly object: string,
    readonly label: string,
    readonly fields: readonly string[] | null,
    private readonly changed: () => void,
  ) {}

  /** Goes on from what an earlier process had stored. */
  restore(stored: { status: ObjectProgress['status']; step: string; rowsDone: number; rowsTotal: number | null; api: ObjectProgress['api']; apiCalls: number; problem: ObjectTracker['problem'] }): void {
    this.#status = stored.status;
    this.#step = stored.step;
    this.#rowsDone = stored.rowsDone;
    this.#rowsTotal = stored.rowsTotal;
    this.#api = stored.api;
    this.#calls = () => stored.apiCalls;
    this.problem = stored.problem;
  }

  get isDone(): boolean {
    return this.#status === 'complete' || this.#status === 'partial' || this.#status === 'failed';
  }

  /** To its end, although perhaps not completely; a failed one was not, nor one that was left out. */
  get wasRead(): boolean {
    return this.#status === 'complete' || (this.#status === 'partial' && this.problem?.code !== 'API_BUDGET_SHED');
  }

  get rowsDone(): number {
    return this.#rowsDone;
  }

  /** Counts calls from now on with `calls`, on top of those counted before. */
  countCalls(calls: () => number): void {
    const before = this.#calls();
    this.#calls = () => before + calls();
  }

  at(status: ObjectProgress['status'], step: string): void {
    const now = performance.now();
    const working = status === 'extracting';
    if (this.#workingSince !== undefined) this.#workedMs += now - this.#workingSince;
    this.#workingSince = working ? now : undefined;
    this.#status = status;
    this.#step = step;
    this.changed();
  }

  planned(api: 'bulk' | 'rest', rowsTotal: number | null): void {
    this.#api = api;
    this.#rowsTotal = rowsTotal === null ? null : this.#rowsKept + rowsTotal;
    this.changed();
  }

  /** Another window follows: what is done stays counted. */
  keepRows(): void {
    this.#rowsKept = this.#rowsDone;
  }

  /** Rows staged before are counted again from here. */
  startRows(rowsDone: number): void {
    this.#rowsDone = this.#rowsKept + rowsDone;
    this.changed();
  }

  addRows(rows: number): void {
    this.#rowsDone += rows;
    this.#workedRows += rows;
    this.changed();
  }

  state(): ProgressState {
    const workedMs = this.#workedMs + (this.#workingSince === undefined ? 0 : performance.now() - this.#workingSince);
    return {
      object: this.object, label: this.label, status: this.#status, step: this.#step, rowsDone: this.#rowsDone, rowsTotal: this.#rowsTotal, api: this.#api, apiCalls: this.#calls(),
      workedMs, workedRows: this.#workedRows,
    };
  }
}
