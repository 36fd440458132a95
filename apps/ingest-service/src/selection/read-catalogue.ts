import { Injectable } from '@nestjs/common';
import type { Catalogue, CatalogueField, CatalogueObject } from '@tributary/api-contracts';
import type { ConnectionId } from '@tributary/event-contracts';
import { NotFound } from '@tributary/failures';
import { SqlPool } from '@tributary/persistence';
import type { FieldDescribe } from '@tributary/salesforce-client';
import { Connections } from '../connection/connections.store.ts';
import { planColumns, type ColumnPlan } from '../describe/column-plan.ts';
import { OrgAccesses } from '../extract/org-access.ts';
import { quoted } from '../sql.ts';
import { listOrgObjects } from './org-objects.ts';
import { chosenObjects, type ChosenObject, type OrgObject } from './selection.ts';

interface CopiedObject {
  readonly object: string;
  readonly table_name: string;
  readonly source_rows: string | null;
  readonly stored_rows: string;
}

/** A little less than the asker waits. */
const patienceMs = 25_000;

@Injectable()
export class ReadCatalogue {
  constructor(
    private readonly pool: SqlPool,
    private readonly connections: Connections,
    private readonly orgs: OrgAccesses,
  ) {}

  /**
   * All objects of the org with what is copied of them; the fields of one object on demand, asked of the org.
   * @throws NotFound `CONNECTION_UNKNOWN`, `OBJECT_UNKNOWN`; what leasing and describing throw
   */
  async execute(connectionId: ConnectionId, only: string | undefined): Promise<Catalogue> {
    const connection = await this.connections.require(connectionId);
    const { objects, at } = await this.orgObjects(connectionId);
    const chosen = new Map(chosenObjects(connection.selection, objects).map((object) => [object.name, object]));
    const copied = new Map((await this.#copied(connection.warehouseSchema)).map((row) => [row.object, row]));
    const listed = only === undefined ? objects : objects.filter(({ name }) => name.toLowerCase() === only.toLowerCase());
    if (listed.length === 0) throw new NotFound('OBJECT_UNKNOWN', 'The org has no such object.');
    const fields = only === undefined ? null : await this.#fields(connectionId, listed[0]?.name ?? only, chosen.get(listed[0]?.name ?? only));
    return { objects: listed.map((object) => catalogueObject(object, chosen.has(object.name), copied.get(object.name), fields)), asOf: at.toISOString() };
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

  async #copied(schema: string): Promise<CopiedObject[]> {
    const { rows: [found] } = await this.pool.query<{ name: string | null }>('select to_regclass($1)::text as name', [`${quoted(schema)}.sync_object`]);
    if (found === undefined || found.name === null) return [];
    return (await this.pool.query<CopiedObject>(`select object, table_name, source_rows, stored_rows from ${quoted(schema)}.sync_object`)).rows;
  }

  async #fields(connectionId: ConnectionId, object: string, chosen: ChosenObject | undefined): Promise<CatalogueField[]> {
    const { data } = (await this.orgs.open(connectionId, AbortSignal.timeout(patienceMs))).client();
    const answer = await data.describe(object);
    const plan = answer && planColumns(answer.describe, null);
    return plan === undefined ? [] : catalogueFields(plan, chosen);
  }
}

function catalogueFields(plan: ColumnPlan, chosen: ChosenObject | undefined): CatalogueField[] {
  const wanted = chosen?.fields?.map((field) => field.toLowerCase());
  return [
    ...plan.columns.map(({ describe, type, column }): CatalogueField => ({
      ...shown(describe), columnType: type, selected: chosen !== undefined && (wanted === undefined || wanted.includes(column)), excludedBecause: null,
    })),
    ...plan.excluded.map(({ field, because }): CatalogueField => ({ ...shown(field), columnType: null, selected: false, excludedBecause: because })),
  ];
}

function shown({ name, label, type, custom, calculated }: FieldDescribe): Pick<CatalogueField, 'name' | 'label' | 'type' | 'custom' | 'formula'> {
  return { name, label, type, custom, formula: calculated };
}

function catalogueObject({ name, label, custom, queryable }: OrgObject, selected: boolean, copied: CopiedObject | undefined, fields: CatalogueField[] | null): CatalogueObject {
  return {
    name, label, custom, queryable, selected, fields,
    sourceRows: copied?.source_rows == null ? null : Number(copied.source_rows), storedRows: copied === undefined ? null : Number(copied.stored_rows), table: copied?.table_name ?? null,
  };
}
