import { Injectable } from '@nestjs/common';
import type { Catalogue, Selection } from '@tributary/api-contracts';
import type { ConnectionId } from '@tributary/event-contracts';
import { SqlPool } from '@tributary/persistence';
import { Connections } from '../connection/connections.store.ts';
import { RunWakeUp } from '../sync-run/run-wake-up.ts';
import { openRunSoon } from '../sync-run/sync-runs.store.ts';
import { ReadCatalogue } from './read-catalogue.ts';
import { checkedSelection, unknownObjects } from './selection.ts';

@Injectable()
export class PutSelection {
  constructor(
    private readonly pool: SqlPool,
    private readonly connections: Connections,
    private readonly catalogue: ReadCatalogue,
    private readonly wakeUp: RunWakeUp,
  ) {}

  /**
   * Replaces what is copied; the next run, opened at once, takes it up. Rows of objects no longer chosen stay as they are.
   * @throws InvalidInput `SELECTION_UNKNOWN_OBJECT`
   */
  async execute(connectionId: ConnectionId, selection: Selection): Promise<Catalogue> {
    await this.connections.require(connectionId);
    await this.connections.keepSelection(connectionId, await this.#checked(connectionId, selection));
    await openRunSoon(this.pool, connectionId);
    this.wakeUp.now();
    return this.catalogue.execute(connectionId, undefined);
  }

  /** An object may be younger than the catalogue: before it is refused the org is asked. */
  async #checked(connectionId: ConnectionId, selection: Selection): Promise<Selection> {
    const known = (await this.catalogue.orgObjects(connectionId)).objects;
    const objects = unknownObjects(selection, known).length === 0 ? known : (await this.catalogue.freshOrgObjects(connectionId)).objects;
    return checkedSelection(selection, objects);
  }
}
