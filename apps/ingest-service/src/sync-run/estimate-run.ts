import { Inject, Injectable } from '@nestjs/common';
import type { RunEstimate } from '@tributary/api-contracts';
import { SqlPool } from '@tributary/persistence';
import { CONFIG, type IngestConfig } from '../config.ts';
import type { Connection } from '../connection/connections.store.ts';
import { keptDescribes } from '../describe/descriptions.store.ts';
import type { OrgAccess } from '../extract/org-access.ts';
import { estimateOf } from '../selection/estimate.ts';
import { ReadRecordCounts, type RecordCounts } from '../selection/record-counts.ts';
import type { ChosenObject } from '../selection/selection.ts';
import { notYetCopied } from '../warehouse/field-catalogue.ts';
import { hasWarehouseTable } from '../warehouse/warehouse-schema.ts';
import { scopeOf } from './run-verdict.ts';

@Injectable()
export class EstimateRun {
  constructor(
    private readonly pool: SqlPool,
    private readonly counts: ReadRecordCounts,
    @Inject(CONFIG) private readonly config: IngestConfig,
  ) {}

  /**
   * What reading those objects of a run takes that are read whole; undefined when it reads only what changed. Without Salesforce's counts it says so.
   * @param known objects that were read before
   */
  async execute(connection: Connection, objects: readonly ChosenObject[], known: ReadonlySet<string>, access: OrgAccess): Promise<RunEstimate | undefined> {
    const whole = await this.#whole(connection, objects, known);
    const names = whole.map(({ name }) => name);
    if (names.length === 0) return undefined;
    const counts = await this.#counted(connection, names, access);
    const counted = whole.filter(({ name }) => counts?.of.has(name));
    const uncounted = names.filter((name) => counts?.of.has(name) !== true);
    if (counts === undefined || counted.length === 0) return { objects: names, rows: null, bytes: null, apiCalls: null, minutes: null, uncounted, countedAt: counts?.at.toISOString() ?? null, took: null };
    const described = await keptDescribes(this.pool, connection.id, names);
    const { rows, bytes, apiCalls, minutes } = estimateOf(counted.map(({ name, fields }) => ({ name, fields, rows: counts.of.get(name), describe: described.get(name) })), this.config);
    return { objects: names, rows, bytes, apiCalls, minutes, uncounted, countedAt: counts.at.toISOString(), took: null };
  }

  /** Objects never read before, and those of which a field is wanted that was not copied so far. */
  async #whole({ warehouseSchema: schema }: Connection, objects: readonly ChosenObject[], known: ReadonlySet<string>): Promise<readonly ChosenObject[]> {
    if (known.size === 0) return objects;
    const lacking = (await hasWarehouseTable(this.pool, schema, 'field_catalogue')) ? await notYetCopied(this.pool, schema) : new Map<string, string[]>();
    return objects.filter(({ name, fields }) => {
      const added = fields?.map((field) => field.toLowerCase());
      return !known.has(name) || (lacking.get(name) ?? []).some((field) => added === undefined || added.includes(field));
    });
  }

  /** An estimate never hinders a run: what refuses it is told by the run's own calls. */
  async #counted({ id }: Connection, names: readonly string[], access: OrgAccess): Promise<RecordCounts | undefined> {
    try {
      return await this.counts.ofObjects(id, names, access.client());
    } catch (error) {
      if (scopeOf(error) === 'process') throw error;
      return undefined;
    }
  }
}
