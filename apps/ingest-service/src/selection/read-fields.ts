import { Injectable } from '@nestjs/common';
import type { CatalogueField } from '@tributary/api-contracts';
import type { FieldDescribe, ObjectDescribe } from '@tributary/salesforce-client';
import type { Connection } from '../connection/connections.store.ts';
import { planColumns, type ColumnPlan } from '../describe/column-plan.ts';
import { heldFields } from '../describe/new-fields.ts';
import { OrgAccesses } from '../extract/org-access.ts';
import { SyncSettingsStore } from '../schedule/sync-settings.store.ts';
import { quoted, type Sql } from '../sql.ts';
import { knownFields } from '../warehouse/field-catalogue.ts';
import { hasWarehouseTable } from '../warehouse/warehouse-schema.ts';
import { flagsOf } from './field-flags.ts';
import { hiddenFields, listedFields } from './hidden-fields.ts';
import type { ChosenObject } from './selection.ts';

/** A little less than the asker waits. */
const patienceMs = 25_000;

/** The fields of one object of the org, asked of it: what is copied of them, and what is known of those that are not seen any more. */
@Injectable()
export class ReadFields {
  constructor(
    private readonly orgs: OrgAccesses,
    private readonly settings: SyncSettingsStore,
  ) {}

  /** @throws what leasing and describing throw */
  async execute(sql: Sql, connection: Connection, object: string, chosen: ChosenObject | undefined): Promise<CatalogueField[]> {
    const org = (await this.orgs.open(connection.id, AbortSignal.timeout(patienceMs))).client(object);
    const [answer, listed] = await Promise.all([org.data.describe(object), listedFields(org, object)]);
    const plan = answer && planColumns(answer.describe, null, await this.#held(sql, connection, answer.describe, chosen));
    if (plan === undefined) return [];
    const fields = [...withUpkeep(catalogueFields(plan, chosen), await this.#calculated(sql, connection.warehouseSchema, plan.object)), ...(await this.#gone(sql, connection.warehouseSchema, plan, listed))];
    return [...fields, ...hiddenFields(listed, fields)];
  }

  /** Fields the next run does not copy because they are new: those held before, and those that appeared since the last run where new ones are held. */
  async #held(sql: Sql, { id, warehouseSchema: schema }: Connection, { name, fields }: ObjectDescribe, chosen: ChosenObject | undefined): Promise<ReadonlySet<string>> {
    const held = await heldFields(sql, id, name);
    if (chosen?.fields !== null || (await this.settings.read(id, sql)).newFields === 'copy' || !(await hasWarehouseTable(sql, schema, 'field_catalogue'))) return held;
    const seen = new Set((await knownFields(sql, schema, name)).present.map(({ field }) => field));
    return seen.size === 0 ? held : new Set([...held, ...fields.filter((field) => !seen.has(field.name)).map((field) => field.name.toLowerCase())]);
  }

  /** Fields that were there once and that this user does not see any more: hidden since, or removed. */
  async #gone(sql: Sql, schema: string, plan: ColumnPlan, listed: ReadonlySet<string>): Promise<CatalogueField[]> {
    if (!(await hasWarehouseTable(sql, schema, 'sync_object'))) return [];
    const present = [...plan.columns.map(({ field }) => field), ...plan.excluded.map(({ field }) => field.name)];
    const { rows } = await sql.query<GoneField>(
      `select distinct on (field) field, label, type, custom, formula, ended_by, renamed_to from ${quoted(schema)}.field_catalogue where object = $1 and field <> all($2) order by field, seen_from desc`, [plan.object, present]);
    return rows.map(({ field: name, label, type, custom, formula, ended_by: endedBy, renamed_to: renamedTo }) => ({
      name, label, type, custom, formula, columnType: null, selected: false, flags: ['gone'], excludedBecause: `${goneText(endedBy ?? 'vanished', renamedTo, listed.has(name))} Values copied before are kept.`,
    }));
  }

  /** How calculated fields are kept, by field; empty before the first run. */
  async #calculated(sql: Sql, schema: string, object: string): Promise<ReadonlyMap<string, NonNullable<CatalogueField['calculated']>>> {
    if (!(await hasWarehouseTable(sql, schema, 'formula_column'))) return new Map();
    const { rows } = await sql.query<CalculatedRow>(`select field, upkeep, because, refers_to, as_of from ${quoted(schema)}.formula_column where object = $1`, [object]);
    return new Map(rows.map(({ field, upkeep, because, refers_to: refersTo, as_of: asOf }) => [field, { upkeep, because, refersTo, asOf: asOf?.toISOString() ?? null }]));
  }
}

interface CalculatedRow {
  readonly [column: string]: unknown;
  readonly field: string;
  readonly upkeep: NonNullable<CatalogueField['calculated']>['upkeep'];
  readonly because: string | null;
  readonly refers_to: string[];
  readonly as_of: Date | null;
}

function withUpkeep(fields: readonly CatalogueField[], calculated: ReadonlyMap<string, NonNullable<CatalogueField['calculated']>>): CatalogueField[] {
  return fields.map((field) => {
    const kept = field.columnType === null ? undefined : calculated.get(field.name);
    return kept === undefined ? field : { ...field, calculated: kept };
  });
}

interface GoneField {
  readonly [column: string]: unknown;
  readonly field: string;
  readonly label: string;
  readonly type: string;
  readonly custom: boolean;
  readonly formula: boolean;
  readonly ended_by: string | null;
  readonly renamed_to: string | null;
}

/** What became of a field, and who can change it, in one sentence. */
function goneText(endedBy: string, renamedTo: string | null, isListed: boolean): string {
  // What the last run could not tell, the setup may tell by now.
  switch (endedBy === 'vanished' && isListed ? 'hidden' : endedBy) {
    case 'hidden': return 'Hidden from this user by field-level security since it was copied; a Salesforce administrator can show it again.';
    case 'removed': return 'Removed from the org: nobody can read it there any more.';
    case 'renamed': return `Renamed to ${renamedTo ?? 'another field'}, which is copied in its place.`;
    default: return 'Not visible to this user any more: hidden by permissions, or removed. Salesforce does not tell this user which.';
  }
}

function catalogueFields(plan: ColumnPlan, chosen: ChosenObject | undefined): CatalogueField[] {
  const wanted = chosen?.fields?.map((field) => field.toLowerCase());
  return [
    ...plan.columns.map(({ describe, type, column }): CatalogueField => ({
      ...shown(plan.object, describe), columnType: type, selected: chosen !== undefined && (wanted === undefined || wanted.includes(column)), excludedBecause: null,
    })),
    ...plan.excluded.map(({ field, because }): CatalogueField => ({ ...shown(plan.object, field), columnType: null, selected: false, excludedBecause: because })),
  ];
}

function shown(object: string, describe: FieldDescribe): Pick<CatalogueField, 'name' | 'label' | 'type' | 'custom' | 'formula' | 'flags'> {
  const { name, label, type, custom, calculated } = describe;
  return { name, label, type, custom, formula: calculated, flags: flagsOf(object, describe) };
}
