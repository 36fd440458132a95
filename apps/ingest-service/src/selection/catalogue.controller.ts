import { Controller } from '@nestjs/common';
import { Payload } from '@nestjs/microservices';
import { estimateSelection, getCatalogue, putSelection, type Catalogue, type Selection, type SelectionEstimate } from '@tributary/api-contracts';
import type { ConnectionId, WorkspaceId } from '@tributary/event-contracts';
import { OnRequest } from '@tributary/messaging';
import { EstimateSelection } from './estimate-selection.ts';
import { PutSelection } from './put-selection.ts';
import { ReadCatalogue } from './read-catalogue.ts';

@Controller()
export class CatalogueController {
  constructor(
    private readonly readCatalogue: ReadCatalogue,
    private readonly putSelection: PutSelection,
    private readonly estimate: EstimateSelection,
  ) {}

  @OnRequest(getCatalogue)
  async read(@Payload() { workspaceId, connectionId, object }: { workspaceId: WorkspaceId; connectionId: ConnectionId; object?: string }): Promise<Catalogue> {
    return this.readCatalogue.execute(workspaceId, connectionId, object);
  }

  @OnRequest(putSelection)
  async select(@Payload() { workspaceId, connectionId, selection }: { workspaceId: WorkspaceId; connectionId: ConnectionId; selection: Selection }): Promise<Catalogue> {
    return this.putSelection.execute(workspaceId, connectionId, selection);
  }

  @OnRequest(estimateSelection)
  async estimated(@Payload() { workspaceId, connectionId, selection }: { workspaceId: WorkspaceId; connectionId: ConnectionId; selection: Selection }): Promise<SelectionEstimate> {
    return this.estimate.execute(workspaceId, connectionId, selection);
  }
}
