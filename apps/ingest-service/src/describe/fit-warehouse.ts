import { Injectable } from '@nestjs/common';
import { schemaChanged } from '@tributary/event-contracts';
import { Outbox, SqlPool } from '@tributary/persistence';
import { lockConnection } from '../connection/connections.store.ts';
import { closeExtractJob } from '../extract/extract-job.ts';
import type { ObjectTask } from '../extract/object-task.ts';
import { keepFormulas } from '../formula/formula-columns.store.ts';
import { SyncSettingsStore } from '../schedule/sync-settings.store.ts';
import { followRenames, renamedFields } from '../selection/follow-renames.ts';
import { quoted, type Sql } from '../sql.ts';
import { causeOf } from '../sync-run/run-cause.ts';
import { requireLease } from '../sync-run/run-lease.ts';
import { fieldDrift, hasDrift, newlyCopied, unproven } from '../warehouse/drift.ts';
import { keepFields, knownFields } from '../warehouse/field-catalogue.ts';
import type { FieldEvidence } from '../warehouse/field-fate.ts';
import { fitTable } from '../warehouse/warehouse-table.ts';
import type { ColumnPlan } from './column-plan.ts';
import { fingerprintOf, keepFitted, type Description } from './descriptions.store.ts';
import { holdNewFields } from './new-fields.ts';
import { ReadFieldEvidence } from './read-field-evidence.ts';
import { requirePlan } from './require-plan.ts';

/** Values of a picklist an event names, as its schema has it. */
const valuesTold = 100;

@Injectable()
export class FitWarehouse {
  constructor(
    private readonly pool: SqlPool,
    private readonly outbox: Outbox,
    private readonly readEvidence: ReadFieldEvidence,
    private readonly settings: SyncSettingsStore,
  ) {}

  /** Finds out what is new about the fields, and makes the table and the books fit in one transaction. */
  async execute(task: ObjectTask, description: Description, seen: ColumnPlan): Promise<ColumnPlan> {
    const { run: { connectionId }, schema, tracker: { object, fields } } = task;
    const known = await knownFields(this.pool, schema, seen.object);
    const isFirst = known.present.length === 0;
    // Before any row is read: what is made anew later has another id than the rows were read with.
    const evidence = await this.readEvidence.execute(task, seen, known);
    const { added, renamed } = fieldDrift(known, seen, evidence);
    const held = isFirst || fields !== null ? [] : await this.#hold(task, added);
    const plan = requirePlan({ ...description, held: new Set([...description.held, ...held]) }, renamedFields(fields, renamed), seen.rowBounds);
    await this.pool.transaction(async (client) => {
      if (renamed.length > 0) await lockConnection(client, connectionId);
      await requireLease(client, task.run);
      await this.#fit(client, task, plan, { evidence, isNews: description.isNews });
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

  async #fit(client: Sql, { run, schema }: ObjectTask, plan: ColumnPlan, { evidence, isNews }: { readonly evidence: FieldEvidence; readonly isNews: boolean }): Promise<void> {
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
