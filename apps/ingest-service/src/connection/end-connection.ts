import { Injectable } from '@nestjs/common';
import { copyClosed, type ConnectionErased } from '@tributary/event-contracts';
import { Inbox, Outbox, SqlPool } from '@tributary/persistence';
import { forgetSlotsOf } from '../budget/export-slots.ts';
import { forgetChanges } from '../change-events/changed-objects.store.ts';
import { sqlOf } from '../entity-manager.store.ts';
import { closeExtractJob } from '../extract/extract-job.ts';
import { dropStage, stageName } from '../load/stage.ts';
import type { Sql } from '../sql.ts';
import { dropWarehouse, warehouseSchemaOf } from '../warehouse/warehouse-schema.ts';
import { lockConnection } from './connections.store.ts';

const disconnected = [{ object: null, code: 'CONNECTION_ENDED', text: 'The connection was disconnected.' }];

@Injectable()
export class EndConnection {
  constructor(
    private readonly inbox: Inbox,
    private readonly outbox: Outbox,
    private readonly pool: SqlPool,
  ) {}

  /** Stops all work on a connection and keeps its rows frozen, or erases them, and says so. A run at work loses its lease and writes nothing more. */
  async execute(event: ConnectionErased): Promise<void> {
    const { connectionId, data } = event.data;
    await this.inbox.once('ingest_auth', event, async (em) => {
      await this.outbox.add(em, copyClosed.create({ connectionId, data }, { causedBy: event }));
      const sql = sqlOf(em);
      if (!(await lockConnection(sql, connectionId))) return;
      await sql.query(
        `update sync_run set status = 'failed', finished_at = now(), lease_until = null, reasons = $2::jsonb where connection_id = $1 and status = 'running'`,
        [connectionId, JSON.stringify(disconnected)]);
      await endJobs(sql, connectionId);
      await forgetChanges(sql, connectionId);
      await sql.query(`update connection set state = $2, token_state = 'waiting', next_sync_at = null where id = $1`, [connectionId, data === 'erase' ? 'erased' : 'frozen']);
      if (data === 'erase') await erase(sql, connectionId);
    });
    // By itself: whoever refers to the connection waits for a change of its key, and must not be waited for meanwhile. Also when the event comes again.
    await this.pool.query(`update connection set workspace_id = null where id = $1 and state = 'erased' and workspace_id is not null`, [connectionId]);
  }
}

/** The access is revoked with the event, so that exports can no longer be deleted at Salesforce: they stay noted for the case that the person connects again, and end there by themselves after seven days. */
async function endJobs(sql: Sql, connectionId: string): Promise<void> {
  const { rows } = await sql.query<{ object: string }>('select object from extract_job where connection_id = $1', [connectionId]);
  for (const { object } of rows) {
    await closeExtractJob(sql, connectionId, object);
    await dropStage(sql, stageName(connectionId, object));
  }
}

async function erase(sql: Sql, connectionId: string): Promise<void> {
  await dropWarehouse(sql, warehouseSchemaOf(connectionId));
  await sql.query('delete from sync_run where connection_id = $1', [connectionId]);
  // The id stays, so that a late event cannot bring the connection back.
  for (const table of ['object_describe', 'object_turn', 'new_field', 'delete_watch', 'held_deletion', 'backfill', 'cursor_choice', 'formula_watch', 'finished_job', 'salesforce_call']) await sql.query(`delete from ${table} where connection_id = $1`, [connectionId]);
  await forgetSlotsOf(sql, connectionId);
  await sql.query('update connection set sync_settings = null, change_events = false, hold = null, record_counts = null, schema_modified = null, schema_read_at = null, selection = null, catalogue = null, catalogue_at = null, org_id = null, user_id = null, last_sync_at = null where id = $1', [connectionId]);
}
