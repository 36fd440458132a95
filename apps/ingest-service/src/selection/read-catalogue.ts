import { Injectable } from '@nestjs/common';
import type { Catalogue, CatalogueField, CatalogueObject } from '@tributary/api-contracts';
import type { ConnectionId } from '@tributary/event-contracts';
import { NotFound } from '@tributary/failures';
import { SqlPool } from '@tributary/persistence';
import type { FieldDescribe } from '@tributary/salesforce-client';
import { Connections, type Connection } from '../connection/connections.store.ts';
import { planColumns, type ColumnPlan } from '../describe/column-plan.ts';
import { CursorChoice, cursorText } from '../extract/cursor-choice.ts';
import { OrgAccesses } from '../extract/org-access.ts';
import { quoted } from '../sql.ts';
import { hasWarehouseTable } from '../warehouse/warehouse-schema.ts';
import { flagsOf } from './field-flags.ts';
import { hiddenFields, listedFields } from './hidden-fields.ts';
import { listOrgObjects } from './org-objects.ts';
import { presetsOf } from './preset.ts';
import { ReadRecordCounts } from './record-counts.ts';
import { chosenObjects, type ChosenObject, type OrgObject } from './selection.ts';

interface CopiedObject {
  readonly object: string;
  readonly table_name: string;
  readonly source_rows: string | null;
  readonly stored_rows: string;
  readonly cursor_choice: unknown;
}

/** A little less than the asker waits. */
const patienceMs = 25_000;

@Injectable()
export class ReadCatalogue {
  constructor(
    private readonly pool: SqlPool,
    private readonly connections: Connections,
    private readonly orgs: OrgAccesses,
    private readonly counts: ReadRecordCounts,
  ) {}

  /**
   * All objects of the org with what is copied of them; the fields of one object on demand, asked of the org.
   * @throws NotFound `CONNECTION_UNKNOWN`, `OBJECT_UNKNOWN`; what leasing and describing throw
   */
  async execute(connectionId: ConnectionId, only: string | undefined): Promise<Catalogue> {
    const connection = await this.connections.require(connectionId);
    const { objects, at } = await this.orgObjects(connectionId);
    const chosen = new Map(chosenObjects(connection.selection, objects).map((object) => [object.name, object]));
    const copied = new Map((await this.#copied(connection)).map((row) => [row.object, row]));
    const listed = only === undefined ? objects : objects.filter(({ name }) => name.toLowerCase() === only.toLowerCase());
    if (listed.length === 0) throw new NotFound('OBJECT_UNKNOWN', 'The org has no such object.');
    const fields = only === undefined ? null : await this.#fields(connection, listed[0]?.name ?? only, chosen.get(listed[0]?.name ?? only));
    const counts = await this.counts.kept(connectionId);
    return {
      objects: listed.map((object) => catalogueObject(object, { chosen: chosen.get(object.name), copied: copied.get(object.name), fields, estimated: counts?.of.get(object.name) })),
      asOf: at.toISOString(), presets: presetsOf(objects.filter(({ queryable }) => queryable).map(({ name }) => name)),
    };
  }

  /** Objects of the org as the last run saw them, asked of the org when there was none. */
  async orgObjects(connectionId: ConnectionId): Promise<{ objects: OrgObject[]; at: Date }> {
    const known = await this.connections.catalogue(connectionId);
    return known ?? this.freshOrgObjects(connectionId);
  }

  /** Objects of the org, asked of it now. */
  async freshOrgObjects(connectionId: ConnectionId): Promise<{ objects: OrgObject[]; at: Date }> {
    const objects = await listOrgObjects(await this.orgs.open(connectionId, AbortSignal.timeout(patienceMs)));
    await this.connections.keepCatalogue(connectionId, objects);
    return { objects, at: new Date() };
  }

  async #copied({ id, warehouseSchema: schema }: Connection): Promise<CopiedObject[]> {
    if (!(await hasWarehouseTable(this.pool, schema, 'sync_object'))) return [];
    return (await this.pool.query<CopiedObject>(
      `select s.object, s.table_name, s.source_rows, s.stored_rows, c.choice as cursor_choice from ${quoted(schema)}.sync_object s left join cursor_choice c on c.connection_id = $1 and c.object = s.object`, [id])).rows;
  }

  async #fields({ id, warehouseSchema }: Connection, object: string, chosen: ChosenObject | undefined): Promise<CatalogueField[]> {
    const org = (await this.orgs.open(id, AbortSignal.timeout(patienceMs))).client(object);
    const [answer, listed] = await Promise.all([org.data.describe(object), listedFields(org, object)]);
    const plan = answer && planColumns(answer.describe, null);
    if (plan === undefined) return [];
    const fields = [...withUpkeep(catalogueFields(plan, chosen), await this.#calculated(warehouseSchema, plan.object)), ...(await this.#gone(warehouseSchema, plan, listed))];
    return [...fields, ...hiddenFields(listed, fields)];
  }

  /** Fields that were there once and that this user does not see any more: hidden since, or removed. */
  async #gone(schema: string, plan: ColumnPlan, listed: ReadonlySet<string>): Promise<CatalogueField[]> {
    if (!(await hasWarehouseTable(this.pool, schema, 'sync_object'))) return [];
    const present = [...plan.columns.map(({ field }) => field), ...plan.excluded.map(({ field }) => field.name)];
    const { rows } = await this.pool.query<GoneField>(
      `select distinct on (field) field, label, type, custom, formula, ended_by, renamed_to from ${quoted(schema)}.field_catalogue where object = $1 and field <> all($2) order by field, seen_from desc`, [plan.object, present]);
    return rows.map(({ field: name, label, type, custom, formula, ended_by: endedBy, renamed_to: renamedTo }) => ({
      name, label, type, custom, formula, columnType: null, selected: false, flags: ['gone'], excludedBecause: `${goneText(endedBy ?? 'vanished', renamedTo, listed.has(name))} Values copied before are kept.`,
    }));
  }

  /** How calculated fields are kept, by field; empty before the first run. */
  async #calculated(schema: string, object: string): Promise<ReadonlyMap<string, NonNullable<CatalogueField['calculated']>>> {
    if (!(await hasWarehouseTable(this.pool, schema, 'formula_column'))) return new Map();
    const { rows } = await this.pool.query<CalculatedRow>(`select field, upkeep, because, refers_to, as_of from ${quoted(schema)}.formula_column where object = $1`, [object]);
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

interface KnownOfObject {
  readonly chosen: ChosenObject | undefined;
  readonly copied: CopiedObject | undefined;
  readonly fields: CatalogueField[] | null;
  readonly estimated: number | undefined;
}

function catalogueObject({ name, label, custom, queryable }: OrgObject, { chosen, copied, fields, estimated }: KnownOfObject): CatalogueObject {
  return {
    name, label, custom, queryable, selected: chosen !== undefined, ...(chosen === undefined ? {} : { chosenFields: chosen.fields === null ? null : [...chosen.fields] }), fields, ...(estimated === undefined ? {} : { estimatedRows: estimated }),
    sourceRows: copied?.source_rows == null ? null : Number(copied.source_rows), storedRows: copied === undefined ? null : Number(copied.stored_rows), table: copied?.table_name ?? null,
    ...(copied?.cursor_choice == null ? {} : { changesFoundBy: cursorText(CursorChoice.parse(copied.cursor_choice)) }),
  };
}
