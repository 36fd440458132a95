import { Injectable } from '@nestjs/common';
import { runStarted } from '@tributary/event-contracts';
import { Outbox, SqlPool } from '@tributary/persistence';
import { affordable, callsOfObject } from '../budget/budget.ts';
import { beginResyncs } from '../change-events/changed-objects.store.ts';
import type { Connection } from '../connection/connections.store.ts';
import { causeOf } from './run-cause.ts';
import { probedObjects } from '../extract/choose-cursor.ts';
import type { OrgAccess } from '../extract/org-access.ts';
import type { ObjectTurn } from '../schedule/object-schedule.ts';
import { addSyncObjects } from '../warehouse/sync-object.ts';
import { ensureWarehouse } from '../warehouse/warehouse-schema.ts';
import { ChooseRunObjects } from './choose-run-objects.ts';
import { EstimateRun } from './estimate-run.ts';
import { requireLease, type ClaimedRun } from './run-lease.ts';
import { addRunObjects, leaveOut } from './run-objects.store.ts';

@Injectable()
export class PlanRun {
  constructor(
    private readonly pool: SqlPool,
    private readonly outbox: Outbox,
    private readonly chooseObjects: ChooseRunObjects,
    private readonly estimateRun: EstimateRun,
  ) {}

  /** Decides once per run which objects it copies, most valuable first, and says so. What the budget does not reach is named, not left unsaid. */
  async execute(run: ClaimedRun, connection: Connection, access: OrgAccess): Promise<void> {
    const objects = await this.chooseObjects.execute(run, connection, access);
    const known = await probedObjects(this.pool, run.connectionId);
    const callsOf = ({ name }: ObjectTurn): number => callsOfObject(known.has(name));
    const { taken, left } = affordable(objects, callsOf, access.callsLeft() ?? Infinity);
    if (taken.length === 0 && left[0] !== undefined) access.requireCalls(callsOf(left[0]));
    const estimate = await this.estimateRun.execute(connection, taken, known, access);
    await this.pool.transaction(async (client) => {
      await requireLease(client, run);
      await ensureWarehouse(client, connection.warehouseSchema, connection.workspaceId);
      await addSyncObjects(client, connection.warehouseSchema, objects);
      await beginResyncs(client, connection.warehouseSchema, connection.id);
      await addRunObjects(client, run.id, objects);
      await leaveOut(client, run.id, left.map(({ name }) => name));
      await client.query('update sync_run set planned = true, estimate = $2::jsonb where id = $1', [run.id, estimate === undefined ? null : JSON.stringify(estimate)]);
      await this.outbox.addWith(client, runStarted.create(
        { connectionId: run.connectionId, runId: run.id, kind: run.kind, objects: objects.map(({ name }) => name) }, { causedBy: causeOf(run) }));
    });
  }

  /** What another worker planned, perhaps of an older version, needs Salesforce's clock, what is left of the budget now, and the tables of today. */
  async resume({ warehouseSchema, workspaceId }: Connection, access: OrgAccess): Promise<void> {
    await access.askUsage();
    await this.pool.transaction((client) => ensureWarehouse(client, warehouseSchema, workspaceId));
  }
}
