import { Injectable } from '@nestjs/common';
import type { DeletionList, DeleteSource, HeldRow, ObjectDeletions } from '@tributary/api-contracts';
import type { ConnectionId, WorkspaceId } from '@tributary/event-contracts';
import { WorkspaceScope } from '@tributary/persistence';
import { Connections } from '../connection/connections.store.ts';
import { quoted, type Sql } from '../sql.ts';
import { hasWarehouseTable } from '../warehouse/warehouse-schema.ts';
import { qualified } from '../warehouse/warehouse-table.ts';
import { deleteConfidence } from './delete-confidence.ts';
import type { DeleteSource as WatchedSource } from './delete-watch.ts';

interface DeletionRow {
  readonly [column: string]: unknown;
  readonly object: string;
  readonly label: string;
  readonly table_name: string;
  readonly is_loaded: boolean;
  readonly is_whole: boolean;
  readonly as_of: Date | null;
  readonly swept_at: Date | null;
  readonly sweep_due: boolean | null;
  readonly sources: WatchedSource[] | null;
  readonly outcome: string | null;
  readonly held_rows: number | null;
  readonly held_examples: string[] | null;
  readonly held_of: string | null;
  readonly held_since: Date | null;
  readonly confirmed_at: Date | null;
}

const nameOf: Readonly<Record<WatchedSource, DeleteSource>> = { 'recycle bin': 'recycle-bin', 'list of deletions': 'list-of-deletions', 'comparison of all Ids': 'comparison-of-ids' };

/** Rows shown of those that are held. */
const examples = 5;

@Injectable()
export class ReadDeletions {
  constructor(
    private readonly scope: WorkspaceScope,
    private readonly connections: Connections,
  ) {}

  /** How deletions of each copied object are found, how sure that is, and which are held. @throws NotFound `CONNECTION_UNKNOWN` */
  async execute(workspaceId: WorkspaceId, connectionId: ConnectionId): Promise<DeletionList> {
    return this.scope.runSql(workspaceId, (sql) => this.#read(sql, connectionId));
  }

  async #read(sql: Sql, connectionId: ConnectionId): Promise<DeletionList> {
    const { warehouseSchema } = await this.connections.require(connectionId, sql);
    if (!(await hasWarehouseTable(sql, warehouseSchema, 'sync_object'))) return { objects: [] };
    const { rows } = await sql.query<DeletionRow>(
      `select s.object, s.label, s.table_name, s.loaded_at is not null as is_loaded, s.loaded_at is not null and s.cursor_field is null as is_whole, s.as_of, w.swept_at, w.sweep_due, w.sources, w.outcome,
              cardinality(h.ids) as held_rows, array(select h.ids[1 + n * cardinality(h.ids) / least(cardinality(h.ids), $2)] from generate_series(0, least(cardinality(h.ids), $2) - 1) n) as held_examples, h.stored_rows as held_of, h.found_at as held_since, h.confirmed_at
         from ${quoted(warehouseSchema)}.sync_object s left join delete_watch w on w.connection_id = $1 and w.object = s.object left join held_deletion h on h.connection_id = $1 and h.object = s.object
        order by s.position, s.object`, [connectionId, examples]);
    const objects: ObjectDeletions[] = [];
    for (const row of rows) objects.push(shown(row, await named(sql, warehouseSchema, row)));
    return { objects };
  }
}

/** The examples by the name people know them by. */
async function named(sql: Sql, warehouseSchema: string, { table_name: table, held_examples: ids }: DeletionRow): Promise<HeldRow[]> {
  if (ids === null || ids.length === 0) return [];
  const { rows } = await sql.query<{ id: string; name: string | null }>(
    `select t.id, coalesce(r->>'name', r->>'subject', r->>'casenumber', r->>'title') as name from ${qualified(warehouseSchema, table)} t cross join to_jsonb(t) r where t.id = any($1) order by t.id collate "C"`, [ids]);
  return rows;
}

function shown(row: DeletionRow, heldExamples: HeldRow[]): ObjectDeletions {
  const sources = row.is_whole ? ['full-read' as const] : (row.sources ?? []).map((source) => nameOf[source]);
  return {
    object: row.object, label: row.label, sources,
    ...deleteConfidence({ sources, isLoaded: row.is_loaded, isHeld: row.held_rows !== null, isSweepDue: row.sweep_due === true }),
    comparedAt: ((row.is_whole ? row.as_of : row.swept_at) ?? null)?.toISOString() ?? null, outcome: row.outcome,
    held: row.held_rows === null || row.held_since === null ? null : {
      rows: row.held_rows, storedRows: Number(row.held_of ?? 0), foundAt: row.held_since.toISOString(), confirmedAt: row.confirmed_at?.toISOString() ?? null, examples: heldExamples,
    },
  };
}
