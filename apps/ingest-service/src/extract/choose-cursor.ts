import { Injectable } from '@nestjs/common';
import { SqlPool } from '@tributary/persistence';
import { SalesforceCallFailure, selectSoql } from '@tributary/salesforce-client';
import type { ColumnPlan, PlannedColumn } from '../describe/column-plan.ts';
import type { Sql } from '../sql.ts';
import { CursorChoice } from './cursor-choice.ts';
import type { ObjectTask } from './object-task.ts';

@Injectable()
export class ChooseCursor {
  constructor(private readonly pool: SqlPool) {}

  /**
   * The plan with the first field by which Salesforce finds changes: it describes the field as fit, and a query is tried once.
   * What was found out is kept until the object's fields change.
   * @throws what hinders the query for other reasons than its field
   */
  async execute(task: ObjectTask, plan: ColumnPlan): Promise<ColumnPlan> {
    const candidates = plan.cursors.map(({ field }) => field);
    const kept = await this.#kept(task);
    const choice = kept?.candidates.join() === candidates.join() ? kept : await this.#choose(task, plan);
    return { ...plan, cursor: plan.cursors.find(({ field }) => field === choice.field) };
  }

  async #choose(task: ObjectTask, plan: ColumnPlan): Promise<CursorChoice> {
    const refused: CursorChoice['refused'] = [];
    let field: string | null = null;
    for (const candidate of plan.cursors) {
      const because = await whyUnfit(task, plan, candidate);
      if (because === undefined) {
        field = candidate.field;
        break;
      }
      refused.push({ field: candidate.field, because });
    }
    const choice: CursorChoice = { candidates: plan.cursors.map((candidate) => candidate.field), field, refused };
    await this.pool.query('insert into cursor_choice (connection_id, workspace_id, object, choice) values ($1, (select workspace_id from connection where id = $1 for key share), $2, $3::jsonb) on conflict (connection_id, object) do update set choice = excluded.choice', [task.run.connectionId, task.tracker.object, JSON.stringify(choice)]);
    return choice;
  }

  async #kept({ run: { connectionId }, tracker: { object } }: ObjectTask): Promise<CursorChoice | undefined> {
    const { rows: [row] } = await this.pool.query<{ choice: unknown }>('select choice from cursor_choice where connection_id = $1 and object = $2', [connectionId, object]);
    return row === undefined ? undefined : CursorChoice.parse(row.choice);
  }
}

/** Objects of a connection whose cursor field was tried. */
export async function probedObjects(sql: Sql, connectionId: string): Promise<ReadonlySet<string>> {
  const { rows } = await sql.query<{ object: string }>('select object from cursor_choice where connection_id = $1', [connectionId]);
  return new Set(rows.map(({ object }) => object));
}

/** Refusals that concern the field, not the moment or the whole object. */
const ofTheField: ReadonlySet<string> = new Set(['schema-drift', 'our-fault']);
/** A query that takes too long has been understood, and what only REST refuses is tried by the other API when it is read. */
const tellNothing: ReadonlySet<string> = new Set(['split-window', 'use-other-api']);

/** What Salesforce says against finding and ordering rows by a field; undefined when it does it. */
async function whyUnfit({ org }: ObjectTask, plan: ColumnPlan, { field }: PlannedColumn): Promise<string | undefined> {
  const soql = `${selectSoql(plan.object, ['Id'], { field, from: org.serverNow() })} ORDER BY ${field}, Id LIMIT 1`;
  try {
    await org.data.firstPage(soql);
    return undefined;
  } catch (error) {
    if (!(error instanceof SalesforceCallFailure)) throw error;
    if (tellNothing.has(error.reaction)) return undefined;
    if (!ofTheField.has(error.reaction)) throw error;
    return error.message.trim().split('\n').at(-1) ?? error.message;
  }
}
