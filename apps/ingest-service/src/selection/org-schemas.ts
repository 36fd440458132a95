import { Injectable } from '@nestjs/common';
import type { ConnectionId } from '@tributary/event-contracts';
import { SqlPool } from '@tributary/persistence';
import { describedEverySeconds } from '../budget/forecast.ts';
import { Connections } from '../connection/connections.store.ts';
import { doubtDescriptions } from '../describe/descriptions.store.ts';
import type { OrgAccess } from '../extract/org-access.ts';
import { orgObjects } from './org-objects.ts';
import type { OrgObject } from './selection.ts';

/** Field-level security may change without Salesforce calling the schema changed: everything is described again after this. */
const trustedFor = `${describedEverySeconds} seconds`;
const limitsEvery = '1 hour';

@Injectable()
export class OrgSchemas {
  constructor(
    private readonly pool: SqlPool,
    private readonly connections: Connections,
  ) {}

  /** Objects of the org as they are now: one conditional call tells that nothing has changed, for all objects together. */
  async current(connectionId: ConnectionId, access: OrgAccess): Promise<OrgObject[]> {
    const { rows: [row] } = await this.pool.query<{ schema_modified: string | null; trusted: boolean; limits_due: boolean }>(
      `select schema_modified, coalesce(schema_read_at > now() - interval '${trustedFor}', false) as trusted, coalesce(limits_read_at < now() - interval '${limitsEvery}', true) as limits_due
         from connection where id = $1`, [connectionId]);
    const { data } = access.client();
    const known = await this.connections.catalogue(connectionId);
    const since = known !== undefined && row?.trusted === true ? (row.schema_modified ?? undefined) : undefined;
    const changed = await data.changedSchema(since);
    if (row?.limits_due === true || access.callsLeft() === undefined) await this.#askUsage(connectionId, access);
    if (changed === undefined && known !== undefined) return known.objects;
    const objects = changed === undefined ? [] : orgObjects(changed.global);
    await this.connections.keepCatalogue(connectionId, objects);
    await this.pool.transaction(async (client) => {
      await doubtDescriptions(client, connectionId, row?.trusted !== true);
      await client.query(`update connection set schema_modified = $2, schema_read_at = case when $3 then schema_read_at else now() end where id = $1`, [connectionId, changed?.lastModified ?? null, row?.trusted === true]);
    });
    return objects;
  }

  /** Usage comes with nearly every answer of Salesforce; where it does not, each run must ask for it before it plans. */
  async #askUsage(connectionId: ConnectionId, access: OrgAccess): Promise<void> {
    await access.askUsage();
    await this.pool.query('update connection set limits_read_at = now() where id = $1', [connectionId]);
  }
}
