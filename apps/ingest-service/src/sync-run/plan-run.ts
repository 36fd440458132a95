import { Injectable } from '@nestjs/common';
import { runStarted } from '@tributary/event-contracts';
import { Outbox, SqlPool } from '@tributary/persistence';
import { Connections, type Connection } from '../connection/connections.store.ts';
import { causeOf } from '../describe/describe-object.ts';
import type { OrgAccess } from '../extract/org-access.ts';
import { listOrgObjects } from '../selection/org-objects.ts';
import { chosenObjects } from '../selection/selection.ts';
import { addSyncObjects } from '../warehouse/sync-object.ts';
import { ensureWarehouse } from '../warehouse/warehouse-schema.ts';
import { requireLease, type ClaimedRun } from './run-lease.ts';
import { addRunObjects } from './run-objects.store.ts';

@Injectable()
export class PlanRun {
  constructor(
    private readonly pool: SqlPool,
    private readonly outbox: Outbox,
    private readonly connections: Connections,
  ) {}

  /** Decides once per run which objects it copies, most valuable first, and says so. */
  async execute(run: ClaimedRun, connection: Connection, access: OrgAccess): Promise<void> {
    const known = await listOrgObjects(access);
    await this.connections.keepCatalogue(connection.id, known);
    const objects = chosenObjects(connection.selection, known);
    await this.pool.transaction(async (client) => {
      await requireLease(client, run);
      await ensureWarehouse(client, connection.warehouseSchema);
      await addSyncObjects(client, connection.warehouseSchema, objects);
      await addRunObjects(client, run.id, objects);
      await client.query('update sync_run set planned = true where id = $1', [run.id]);
      await this.outbox.addWith(client, runStarted.create(
        { connectionId: run.connectionId, runId: run.id, kind: run.kind, objects: objects.map(({ name }) => name) }, { causedBy: causeOf(run) }));
    });
  }
}
