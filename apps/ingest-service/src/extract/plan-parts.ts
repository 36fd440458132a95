import { Inject, Injectable } from '@nestjs/common';
import { CONFIG, type IngestConfig } from '../config.ts';
import type { ColumnPlan } from '../describe/column-plan.ts';
import { countWindow } from './count-window.ts';
import type { ObjectTask } from './object-task.ts';
import { edgeOf } from './part-edge.ts';
import { halvesById, wholeOf, type Part, type PartsOfJob } from './part.ts';
import type { Window } from './window-plan.ts';

/** More exports of one object than these would crowd out others of the org; parts grow instead. */
const mostParts = 64;
/** Counts and edges asked for in all: Ids that lie very unevenly are not followed any further. */
const mostQuestions = 4 * mostParts;
/** With less than this share in one half, Ids lie too unevenly to halve what is between two bounds: it is halved between two rows. */
const unevenBelow = 0.1;

/** Ids between which the rows of a part lie. */
interface Range {
  readonly part: Part;
  readonly rows: number;
  readonly first: string;
  readonly last: string;
}

/** Cuts a large window into ranges of Ids, each an export of its own: one that is lost costs no more than its own rows, and the next is made while one is read. */
@Injectable()
export class PlanParts {
  constructor(@Inject(CONFIG) private readonly config: IngestConfig) {}

  /** @param rows that the window has at the source; undefined when they cannot be counted */
  async execute(task: ObjectTask, plan: ColumnPlan, window: Window, rows: number | undefined): Promise<PartsOfJob> {
    const whole = wholeOf(window);
    const [part] = whole.list;
    if (part === undefined || rows === undefined) return whole;
    const most = Math.max(this.config.bulkPartRows, Math.ceil(rows / mostParts));
    if (rows <= most) return whole;
    task.tracker.at('counting', 'Dividing its rows into ranges of Ids');
    const [first, last] = [await edgeOf(task, plan, part, 'Id'), await edgeOf(task, plan, part, 'Id', 'DESC')];
    if (first === undefined || last === undefined) return whole;
    const questions = { left: mostQuestions };
    return { ...whole, list: joined(await this.#cut(task, plan, { part, rows, first, last }, most, questions), most) };
  }

  /** Ranges of no more than `most` rows, in the order of their Ids; together they are the one given, its open ends included. */
  async #cut(task: ObjectTask, plan: ColumnPlan, range: Range, most: number, questions: { left: number }): Promise<readonly Range[]> {
    const halves = range.rows <= most || questions.left <= 0 ? undefined : await this.#halve(task, plan, range, questions);
    if (halves === undefined) return [range];
    const ranges: Range[] = [];
    for (const half of halves) ranges.push(...(await this.#cut(task, plan, half, most, questions)));
    return ranges;
  }

  /** @returns undefined when it cannot be halved; one range when all rows lie on one side */
  async #halve(task: ObjectTask, plan: ColumnPlan, { part, rows, first, last }: Range, questions: { left: number }): Promise<readonly Range[] | undefined> {
    const halves = halvesById(part, first, last);
    if (halves === undefined) return undefined;
    const [low, high] = halves;
    const middle = high.idFrom ?? last;
    questions.left -= 1;
    const lowRows = await countWindow(task, plan, low);
    if (lowRows === undefined) return undefined;
    if (Math.min(lowRows, rows - lowRows) >= rows * unevenBelow) return [{ part: low, rows: lowRows, first, last: middle }, { part: high, rows: rows - lowRows, first: middle, last }];
    questions.left -= 2;
    const [lowLast, highFirst] = [await edgeOf(task, plan, low, 'Id', 'DESC'), await edgeOf(task, plan, high, 'Id')];
    if (lowLast === undefined) return highFirst === undefined ? undefined : [{ part, rows, first: highFirst, last }];
    if (highFirst === undefined) return [{ part, rows, first, last: lowLast }];
    return [{ part: low, rows: lowRows, first, last: lowLast }, { part: high, rows: rows - lowRows, first: highFirst, last }];
  }
}

/** Parts of ranges that follow each other; those that are no more than `most` rows together are one. */
export function joined(ranges: readonly Pick<Range, 'part' | 'rows'>[], most: number): Part[] {
  const parts: { part: Part; rows: number }[] = [];
  for (const { part, rows } of ranges) {
    const before = parts.at(-1);
    if (before === undefined || before.rows + rows > most) parts.push({ part, rows });
    else Object.assign(before, { part: { ...before.part, idBefore: part.idBefore }, rows: before.rows + rows });
  }
  return parts.map(({ part }) => part);
}
