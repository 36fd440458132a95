import { Injectable } from '@nestjs/common';
import { schemaChanged } from '@tributary/event-contracts';
import { InvalidInput } from '@tributary/failures';
import { Outbox, SqlPool } from '@tributary/persistence';
import { lockConnection } from '../connection/connections.store.ts';
import { ChooseCursor } from '../extract/choose-cursor.ts';
import { closeExtractJob } from '../extract/extract-job.ts';
import type { ObjectTask } from '../extract/object-task.ts';
import { keepFormulas } from '../formula/formula-columns.store.ts';
import { followRenames, renamedFields } from '../selection/follow-renames.ts';
import { quoted, type Sql } from '../sql.ts';
import { requireLease, type ClaimedRun } from '../sync-run/run-lease.ts';
import { fieldDrift, hasDrift, newlyCopied, unproven } from '../warehouse/drift.ts';
import { keepFields, knownFields } from '../warehouse/field-catalogue.ts';
import { isCustom, type FieldEvidence } from '../warehouse/field-fate.ts';
import { fitTable } from '../warehouse/warehouse-table.ts';
import { SyncSettingsStore } from '../schedule/sync-settings.store.ts';
import { planColumns, type ColumnPlan } from './column-plan.ts';
import { Descriptions, fingerprintOf, keepFitted, type Description } from './descriptions.store.ts';
import { holdNewFields } from './new-fields.ts';
import { ReadFieldEvidence } from './read-field-evidence.ts';

/** What caused the events of a run. */
export function causeOf({ causedBy, correlationId }: ClaimedRun): { id: string; correlationid: string } | { correlationid: string } {
  return causedBy === null ? { correlationid: correlationId } : { id: causedBy, correlationid: correlationId };
}

/** A table of PostgreSQL has 1,600 columns at most; a few are Tributary's own. */
const mostColumns = 1_590;
/** Values of a picklist an event names, as its schema has it. */
const valuesTold = 100;

@Injectable()
export class DescribeObject {
  constructor(
    private readonly pool: SqlPool,
    private readonly outbox: Outbox,
    private readonly descriptions: Descriptions,
    private readonly readEvidence: ReadFieldEvidence,
    private readonly settings: SyncSettingsStore,
    private readonly chooseCursor: ChooseCursor,
  ) {}

  /**
   * Reads an object's description, asking Salesforce only when it may have changed, and makes the warehouse fit it.
   * @throws SalesforceCallFailure when the object cannot be described; InvalidInput `OBJECT_WITHOUT_ID`, `TOO_MANY_FIELDS`
   */
  async execute(task: ObjectTask): Promise<ColumnPlan> {
    const description = await this.descriptions.read(task);
    const plan = requirePlan(description, task.tracker.fields);
    const fits = description.fitted === fingerprintOf(plan) && (description.isExplained || !hasCustomFields(plan));
    return this.chooseCursor.execute(task, fits ? plan : await this.#fit(task, description, plan));
  }

  /** Finds out what is new about the fields, and makes the table and the books fit in one transaction. */
  async #fit(task: ObjectTask, description: Description, seen: ColumnPlan): Promise<ColumnPlan> {
    const { run: { connectionId }, schema, tracker: { object, fields } } = task;
    const known = await knownFields(this.pool, schema, seen.object);
    const isFirst = known.present.length === 0;
    // Before any row is read: what is made anew later has another id than the rows were read with.
    const evidence = await this.readEvidence.execute(task, seen, known);
    const { added, renamed } = fieldDrift(known, seen, evidence);
    const held = isFirst || fields !== null ? [] : await this.#hold(task, added);
    const plan = requirePlan({ ...description, held: new Set([...description.held, ...held]) }, renamedFields(fields, renamed));
    await this.pool.transaction(async (client) => {
      if (renamed.length > 0) await lockConnection(client, connectionId);
      await requireLease(client, task.run);
      await this.#fitWarehouse(client, task, plan, { evidence, isNews: description.isNews });
      await keepFormulas(client, connectionId, schema, plan);
      await keepFitted(client, connectionId, object, fingerprintOf(plan));
      await followRenames(client, connectionId, object, renamed);
    });
    return plan;
  }

  async #hold({ run: { connectionId }, tracker: { object } }: ObjectTask, added: readonly string[]): Promise<string[]> {
    if (added.length === 0) return [];
    const { newFields: policy } = await this.settings.read(connectionId);
    return holdNewFields(this.pool, connectionId, object, added, policy);
  }

  async #fitWarehouse(client: Sql, { run, schema }: ObjectTask, plan: ColumnPlan, { evidence, isNews }: { readonly evidence: FieldEvidence; readonly isNews: boolean }): Promise<void> {
    const known = await knownFields(client, schema, plan.object);
    const drift = fieldDrift(known, plan, evidence);
    const { created, changes } = await fitTable(client, schema, plan);
    await keepFields(client, schema, plan, evidence, drift);
    const isConverted = changes.some(({ kind, column }) => kind === 'replace' || (kind === 'widen' && column.type === 'text'));
    if (!created && (newlyCopied(known.present, plan, drift).length > 0 || isConverted || (isNews && unproven(known.present, plan, evidence).length > 0))) {
      // Pages of a reading that broke off may have values from before.
      await closeExtractJob(client, run.connectionId, plan.object);
      await client.query(`update ${quoted(schema)}.sync_object set reread = true where object = $1 and settled_until is not null`, [plan.object]);
    }
    if (known.present.length === 0 || !hasDrift(drift)) return;
    const { added, removed, hidden, vanished, renamed, retyped, picklists } = drift;
    await this.outbox.addWith(client, schemaChanged.create({
      connectionId: run.connectionId, object: plan.object, added: [...added], removed: [...removed], hidden: [...hidden], vanished: [...vanished], renamed: [...renamed], retyped: [...retyped],
      picklists: picklists.map((list) => ({ field: list.field, added: list.added.slice(0, valuesTold), removed: list.removed.slice(0, valuesTold) })),
    }, { causedBy: causeOf(run) }));
  }
}

/** @throws InvalidInput `OBJECT_WITHOUT_ID`, `TOO_MANY_FIELDS` */
function requirePlan({ describe, held }: Pick<Description, 'describe' | 'held'>, fields: readonly string[] | null): ColumnPlan {
  const plan = planColumns(describe, fields, held);
  if (plan === undefined) throw new InvalidInput('OBJECT_WITHOUT_ID', `${describe.name} has no Id by which its rows could be told apart.`);
  if (plan.columns.length > mostColumns) throw new InvalidInput('TOO_MANY_FIELDS', `${describe.name} has ${plan.columns.length} fields to copy, and a table holds ${mostColumns}: choose fewer of them.`);
  return plan;
}

function hasCustomFields({ columns, excluded }: ColumnPlan): boolean {
  return columns.some(({ field }) => isCustom(field)) || excluded.some(({ field }) => isCustom(field.name));
}
