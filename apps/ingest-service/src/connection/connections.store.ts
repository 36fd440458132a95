import { Injectable } from '@nestjs/common';
import { Selection } from '@tributary/api-contracts';
import { ConnectionId } from '@tributary/event-contracts';
import { NotFound } from '@tributary/failures';
import { SqlPool } from '@tributary/persistence';
import { z } from 'zod';
import type { OrgObject } from '../selection/selection.ts';
import type { Sql } from '../sql.ts';
import { warehouseSchemaOf } from '../warehouse/warehouse-schema.ts';
import { adoptRows } from './workspace-rows.ts';

/** A connection as ingest-service knows it. */
export interface Connection {
  readonly id: ConnectionId;
  /** Null until it is told, and after an erasure. */
  readonly workspaceId: string | null;
  readonly state: 'active' | 'frozen' | 'erased';
  readonly tokenState: 'waiting' | 'ready' | 'consent-required';
  /** Its person wants nothing read for now. */
  readonly paused: boolean;
  /** Epoch of the newest token told of. */
  readonly tokenEpoch: number;
  readonly warehouseSchema: string;
  /** Null for the preset. */
  readonly selection: Selection | null;
  readonly lastSyncAt: Date | null;
}

interface ConnectionRow {
  readonly [column: string]: unknown;
  readonly id: string;
  readonly workspace_id: string | null;
  readonly state: Connection['state'];
  readonly token_state: Connection['tokenState'];
  readonly paused: boolean;
  readonly token_epoch: number;
  readonly warehouse_schema: string;
  readonly selection: unknown;
  readonly last_sync_at: Date | null;
}

const OrgCatalogue = z.array(z.object({ name: z.string(), label: z.string(), custom: z.boolean(), queryable: z.boolean() }));

/** Reads and writes connections: all of them, or with the SQL of a workspace those of that workspace. */
@Injectable()
export class Connections {
  constructor(private readonly pool: SqlPool) {}

  async find(id: ConnectionId, sql: Sql = this.pool): Promise<Connection | undefined> {
    const { rows: [row] } = await sql.query<ConnectionRow>('select id, workspace_id, state, token_state, paused, token_epoch, warehouse_schema, selection, last_sync_at from connection where id = $1', [id]);
    return row === undefined ? undefined : {
      id: ConnectionId.parse(row.id), workspaceId: row.workspace_id, state: row.state, tokenState: row.token_state, paused: row.paused, tokenEpoch: row.token_epoch, warehouseSchema: row.warehouse_schema,
      selection: row.selection === null ? null : Selection.parse(row.selection), lastSyncAt: row.last_sync_at,
    };
  }

  /** @throws NotFound `CONNECTION_UNKNOWN` */
  async require(id: ConnectionId, sql: Sql = this.pool): Promise<Connection> {
    const connection = await this.find(id, sql);
    if (connection === undefined || connection.state === 'erased') throw connectionUnknown();
    return connection;
  }

  /** Objects of the org as describeGlobal listed them last. */
  async catalogue(id: ConnectionId, sql: Sql = this.pool): Promise<{ objects: OrgObject[]; at: Date } | undefined> {
    const { rows: [row] } = await sql.query<{ catalogue: unknown; catalogue_at: Date }>('select catalogue, catalogue_at from connection where id = $1 and catalogue is not null', [id]);
    return row === undefined ? undefined : { objects: OrgCatalogue.parse(row.catalogue), at: row.catalogue_at };
  }

  async keepCatalogue(id: ConnectionId, objects: readonly OrgObject[], sql: Sql = this.pool): Promise<void> {
    await sql.query('update connection set catalogue = $2::jsonb, catalogue_at = now() where id = $1', [id, JSON.stringify(objects)]);
  }

}

export async function keepSelection(sql: Sql, id: ConnectionId, selection: Selection): Promise<void> {
  await sql.query('update connection set selection = $2::jsonb where id = $1', [id, JSON.stringify(selection)]);
}

export function connectionUnknown(): NotFound {
  return new NotFound('CONNECTION_UNKNOWN', 'Nothing is known of this connection yet.', { action: 'Wait for the first sync to start.' });
}

/**
 * Keeps a connection as it is until the transaction ends; rows that refer to it may be written meanwhile. Whoever changes a connection and its run takes the connection
 * first: who ends it, or is told of its token, does so before looking for a run.
 * @returns whether there is one
 */
export async function lockConnection(sql: Sql, id: string): Promise<boolean> {
  const { rows } = await sql.query('select 1 from connection where id = $1 for no key update', [id]);
  return rows.length > 0;
}

/** A consent was given: the connection is there, and active again if it was disconnected; its tokens may be counted anew. */
export async function recordAuthorized(sql: Sql, { id, workspaceId, orgId, userId }: { id: string; workspaceId: string; orgId: string; userId: string }): Promise<void> {
  const { rows: [row] } = await sql.query<{ existed: boolean }>(
    `insert into connection (id, workspace_id, org_id, user_id, warehouse_schema) values ($1, $2, $3, $4, $5)
     on conflict (id) do update set workspace_id = excluded.workspace_id, org_id = excluded.org_id, user_id = excluded.user_id, state = 'active', paused = false, token_epoch = 0,
       schema_modified = null, schema_read_at = null
     returning xmax <> 0 as existed`, [id, workspaceId, orgId, userId, warehouseSchemaOf(id)]);
  if (row?.existed === true) await adoptRows(sql, id, workspaceId);
}

/**
 * A token can be leased.
 * @returns undefined when the connection was disconnected or a newer token was told of before
 */
export async function recordTokenReady(sql: Sql, { id, orgId, epoch }: { id: string; orgId: string; epoch: number }): Promise<{ waited: boolean; everSynced: boolean } | undefined> {
  const before = await sql.query<{ token_state: string }>('select token_state from connection where id = $1 for no key update', [id]);
  const { rows: [row] } = await sql.query<{ ever_synced: boolean }>(
    `insert into connection as c (id, org_id, token_state, token_epoch, warehouse_schema) values ($1, $2, 'ready', $3, $4)
     on conflict (id) do update set token_state = 'ready', token_epoch = excluded.token_epoch, org_id = excluded.org_id
       where c.state = 'active' and c.token_epoch < excluded.token_epoch
     returning last_sync_at is not null as ever_synced`, [id, orgId, epoch, warehouseSchemaOf(id)]);
  return row === undefined ? undefined : { waited: before.rows[0]?.token_state !== 'ready', everSynced: row.ever_synced };
}
