import { Injectable } from '@nestjs/common';
import { schemaChanged } from '@tributary/event-contracts';
import { InvalidInput } from '@tributary/failures';
import { Outbox, SqlPool } from '@tributary/persistence';
import { ChooseCursor } from '../extract/choose-cursor.ts';
import type { ObjectTask } from '../extract/object-task.ts';
import { keepFormulas } from '../formula/formula-columns.store.ts';
import { quoted } from '../sql.ts';
import { requireLease, type ClaimedRun } from '../sync-run/run-lease.ts';
import { fieldDrift, hasDrift, newlyCopied } from '../warehouse/drift.ts';
import { keepFields, knownFields } from '../warehouse/field-catalogue.ts';
import { fitTable } from '../warehouse/warehouse-table.ts';
import { SyncSettingsStore } from '../schedule/sync-settings.store.ts';
import { planColumns, type ColumnPlan } from './column-plan.ts';
import { Descriptions, fingerprintOf, keepFitted } from './descriptions.store.ts';
import { holdNewFields, newFields } from './new-fields.ts';

/** What caused the events of a run. */
export function causeOf({ causedBy, correlationId }: ClaimedRun): { id: string; correlationid: string } | { correlationid: string } {
  return causedBy === null ? { correlationid: correlationId } : { id: causedBy, correlationid: correlationId };
}

/** A table of PostgreSQL has 1,600 columns at most; a few are Tributary's own. */
const mostColumns = 1_590;

@Injectable()
export class DescribeObject {
  constructor(
    private readonly pool: SqlPool,
    private readonly outbox: Outbox,
    private readonly descriptions: Descriptions,
    private readonly settings: SyncSettingsStore,
    private readonly chooseCursor: ChooseCursor,
  ) {}

  /**
   * Reads an object's description, asking Salesforce only when it may have changed, and makes the warehouse fit it.
   * @throws SalesforceCallFailure when the object cannot be described; InvalidInput `OBJECT_WITHOUT_ID`, `TOO_MANY_FIELDS`
   */
  async execute(task: ObjectTask): Promise<ColumnPlan> {
    const { object, fields } = task.tracker;
    const description = await this.descriptions.read(task);
    const added = fields === null ? newFields(description.before, description.describe) : [];
    const held = added.length === 0 ? [] : await this.#hold(task, added);
    const plan = planColumns(description.describe, fields, new Set([...description.held, ...held]));
    if (plan === undefined) throw new InvalidInput('OBJECT_WITHOUT_ID', `${object} has no Id by which its rows could be told apart.`);
    if (plan.columns.length > mostColumns) throw new InvalidInput('TOO_MANY_FIELDS', `${object} has ${plan.columns.length} fields to copy, and a table holds ${mostColumns}: choose fewer of them.`);
    const fingerprint = fingerprintOf(plan);
    if (description.fitted !== fingerprint) await this.#fit(task, plan, fingerprint);
    return this.chooseCursor.execute(task, plan);
  }

  async #hold({ run: { connectionId }, tracker: { object } }: ObjectTask, added: readonly string[]): Promise<string[]> {
    const { newFields: policy } = await this.settings.read(connectionId);
    return holdNewFields(this.pool, connectionId, object, added, policy);
  }

  async #fit({ run, schema, tracker }: ObjectTask, plan: ColumnPlan, fingerprint: string): Promise<void> {
    await this.pool.transaction(async (client) => {
      await requireLease(client, run);
      const known = await knownFields(client, schema, plan.object);
      const drift = fieldDrift(known, plan);
      const { created, changes } = await fitTable(client, schema, plan);
      await keepFields(client, schema, plan);
      await keepFormulas(client, run.connectionId, schema, plan);
      await keepFitted(client, run.connectionId, tracker.object, fingerprint);
      if (!created && (newlyCopied(known, plan).length > 0 || changes.some(({ kind, column }) => kind === 'replace' || (kind === 'widen' && column.type === 'text')))) {
        await client.query(`update ${quoted(schema)}.sync_object set reread = true where object = $1 and settled_until is not null`, [plan.object]);
      }
      if (known.length === 0 || !hasDrift(drift)) return;
      const { added, removed, retyped } = drift;
      await this.outbox.addWith(client, schemaChanged.create(
        { connectionId: run.connectionId, object: plan.object, added: [...added], removed: [...removed], retyped: [...retyped] }, { causedBy: causeOf(run) }));
    });
  }
}
