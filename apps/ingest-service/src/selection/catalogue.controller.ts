import { Controller } from '@nestjs/common';
import { Payload } from '@nestjs/microservices';
import { estimateSelection, getCatalogue, putSelection, type Catalogue, type Selection, type SelectionEstimate } from '@tributary/api-contracts';
import type { ConnectionId } from '@tributary/event-contracts';
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
  async read(@Payload() { connectionId, object }: { connectionId: ConnectionId; object?: string }): Promise<Catalogue> {
    return this.readCatalogue.execute(connectionId, object);
  }

  @OnRequest(putSelection)
  async select(@Payload() { connectionId, selection }: { connectionId: ConnectionId; selection: Selection }): Promise<Catalogue> {
    return this.putSelection.execute(connectionId, selection);
  }

  @OnRequest(estimateSelection)
  async estimated(@Payload() { connectionId, selection }: { connectionId: ConnectionId; selection: Selection }): Promise<SelectionEstimate> {
    return this.estimate.execute(connectionId, selection);
  }
}
