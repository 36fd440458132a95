import { Injectable } from '@nestjs/common';
import type { Catalogue, CatalogueField, CatalogueObject } from '@tributary/api-contracts';
import type { ConnectionId, WorkspaceId } from '@tributary/event-contracts';
import { NotFound } from '@tributary/failures';
import { WorkspaceScope } from '@tributary/persistence';
import { Connections, type Connection } from '../connection/connections.store.ts';
import { CursorChoice, cursorText } from '../extract/cursor-choice.ts';
import { OrgAccesses } from '../extract/org-access.ts';
import { quoted, type Sql } from '../sql.ts';
import { hasWarehouseTable } from '../warehouse/warehouse-schema.ts';
import { listOrgObjects } from './org-objects.ts';
import { presetsOf } from './preset.ts';
import { ReadFields } from './read-fields.ts';
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
    private readonly scope: WorkspaceScope,
    private readonly connections: Connections,
    private readonly orgs: OrgAccesses,
    private readonly counts: ReadRecordCounts,
    private readonly readFields: ReadFields,
  ) {}

  /**
   * All objects of the org with what is copied of them; the fields of one object on demand, asked of the org.
   * @throws NotFound `CONNECTION_UNKNOWN`, `OBJECT_UNKNOWN`; what leasing and describing throw
   */
  async execute(workspaceId: WorkspaceId, connectionId: ConnectionId, only: string | undefined): Promise<Catalogue> {
    const sql = this.scope.sqlOf(workspaceId);
    const connection = await this.connections.require(connectionId, sql);
    const { objects, at } = await this.orgObjects(sql, connectionId);
    const chosen = new Map(chosenObjects(connection.selection, objects).map((object) => [object.name, object]));
    const copied = new Map((await copiedObjects(sql, connection)).map((row) => [row.object, row]));
    const listed = only === undefined ? objects : objects.filter(({ name }) => name.toLowerCase() === only.toLowerCase());
    if (listed.length === 0) throw new NotFound('OBJECT_UNKNOWN', 'The org has no such object.');
    const fields = only === undefined ? null : await this.readFields.execute(sql, connection, listed[0]?.name ?? only, chosen.get(listed[0]?.name ?? only));
    const counts = await this.counts.kept(sql, connectionId);
    return {
      objects: listed.map((object) => catalogueObject(object, { chosen: chosen.get(object.name), copied: copied.get(object.name), fields, estimated: counts?.of.get(object.name) })),
      asOf: at.toISOString(), presets: presetsOf(objects.filter(({ queryable }) => queryable).map(({ name }) => name)),
    };
  }

  /** Objects of the org as the last run saw them, asked of the org when there was none. */
  async orgObjects(sql: Sql, connectionId: ConnectionId): Promise<{ objects: OrgObject[]; at: Date }> {
    const known = await this.connections.catalogue(connectionId, sql);
    return known ?? this.freshOrgObjects(sql, connectionId);
  }

  /** Objects of the org, asked of it now. */
  async freshOrgObjects(sql: Sql, connectionId: ConnectionId): Promise<{ objects: OrgObject[]; at: Date }> {
    const objects = await listOrgObjects(await this.orgs.open(connectionId, AbortSignal.timeout(patienceMs)));
    await this.connections.keepCatalogue(connectionId, objects, sql);
    return { objects, at: new Date() };
  }
}

async function copiedObjects(sql: Sql, { id, warehouseSchema: schema }: Connection): Promise<CopiedObject[]> {
  if (!(await hasWarehouseTable(sql, schema, 'sync_object'))) return [];
  return (await sql.query<CopiedObject>(
    `select s.object, s.table_name, s.source_rows, s.stored_rows, c.choice as cursor_choice from ${quoted(schema)}.sync_object s left join cursor_choice c on c.connection_id = $1 and c.object = s.object`, [id])).rows;
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
