import { Inject, Injectable } from '@nestjs/common';
import type { Selection, SelectionEstimate } from '@tributary/api-contracts';
import type { ConnectionId, WorkspaceId } from '@tributary/event-contracts';
import { WorkspaceScope } from '@tributary/persistence';
import { CONFIG, type IngestConfig } from '../config.ts';
import { Connections } from '../connection/connections.store.ts';
import { keptDescribes } from '../describe/descriptions.store.ts';
import { estimateOf } from './estimate.ts';
import { ReadCatalogue } from './read-catalogue.ts';
import { ReadRecordCounts } from './record-counts.ts';
import { checkedSelection } from './selection.ts';

@Injectable()
export class EstimateSelection {
  constructor(
    private readonly scope: WorkspaceScope,
    private readonly connections: Connections,
    private readonly catalogue: ReadCatalogue,
    private readonly counts: ReadRecordCounts,
    @Inject(CONFIG) private readonly config: IngestConfig,
  ) {}

  /** Rows, storage, calls and minutes a selection would take; nothing is started. @throws NotFound `CONNECTION_UNKNOWN`; InvalidInput `SELECTION_UNKNOWN_OBJECT` */
  async execute(workspaceId: WorkspaceId, connectionId: ConnectionId, selection: Selection): Promise<SelectionEstimate> {
    const sql = this.scope.sqlOf(workspaceId);
    await this.connections.require(connectionId, sql);
    const { objects: known } = await this.catalogue.orgObjects(sql, connectionId);
    const { objects } = checkedSelection(selection, known);
    const counts = await this.counts.fresh(sql, connectionId, known.filter(({ queryable }) => queryable).map(({ name }) => name));
    const described = await keptDescribes(sql, connectionId, objects.map(({ name }) => name));
    const each = objects.map(({ name, fields }) => ({ name, fields, rows: counts.of.get(name), describe: described.get(name) }));
    return { ...estimateOf(each, this.config), countedAt: counts.at.toISOString() };
  }
}
