import { Injectable } from '@nestjs/common';
import type { Catalogue, Selection } from '@tributary/api-contracts';
import type { ConnectionId, WorkspaceId } from '@tributary/event-contracts';
import { WorkspaceScope } from '@tributary/persistence';
import { Connections, keepSelection } from '../connection/connections.store.ts';
import type { Sql } from '../sql.ts';
import { RunWakeUp } from '../sync-run/run-wake-up.ts';
import { openRunSoon } from '../sync-run/sync-runs.store.ts';
import { ReadCatalogue } from './read-catalogue.ts';
import { checkedSelection, unknownObjects } from './selection.ts';

@Injectable()
export class PutSelection {
  constructor(
    private readonly scope: WorkspaceScope,
    private readonly connections: Connections,
    private readonly catalogue: ReadCatalogue,
    private readonly wakeUp: RunWakeUp,
  ) {}

  /**
   * Replaces what is copied; the next run, opened at once, takes it up. Rows of objects no longer chosen stay as they are.
   * @throws InvalidInput `SELECTION_UNKNOWN_OBJECT`
   */
  async execute(workspaceId: WorkspaceId, connectionId: ConnectionId, selection: Selection): Promise<Catalogue> {
    const sql = this.scope.sqlOf(workspaceId);
    await this.connections.require(connectionId, sql);
    const checked = await this.#checked(sql, connectionId, selection);
    await this.scope.runSql(workspaceId, async (client) => {
      await keepSelection(client, connectionId, checked);
      await openRunSoon(client, connectionId);
    });
    this.wakeUp.now();
    return this.catalogue.execute(workspaceId, connectionId, undefined);
  }

  /** An object may be younger than the catalogue: before it is refused the org is asked. */
  async #checked(sql: Sql, connectionId: ConnectionId, selection: Selection): Promise<Selection> {
    const known = (await this.catalogue.orgObjects(sql, connectionId)).objects;
    const objects = unknownObjects(selection, known).length === 0 ? known : (await this.catalogue.freshOrgObjects(sql, connectionId)).objects;
    return checkedSelection(selection, objects);
  }
}
