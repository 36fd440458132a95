import { Injectable } from '@nestjs/common';
import { listAccessCalls, listSalesforceCalls, type CallsRequest, type SalesforceCallList } from '@tributary/api-contracts';
import type { ConnectionId, PersonId } from '@tributary/event-contracts';
import { RequestClient } from '@tributary/messaging';
import { mergedCalls } from './merged-calls.ts';

/** Each service keeps the calls it makes; here they are one list. */
@Injectable()
export class ReadCalls {
  constructor(private readonly requests: RequestClient) {}

  async execute({ connectionId, personId }: { readonly connectionId: ConnectionId; readonly personId: PersonId }, wanted: CallsRequest): Promise<SalesforceCallList> {
    return mergedCalls(await Promise.all([
      this.requests.ask(listSalesforceCalls, { connectionId, ...wanted }),
      this.requests.ask(listAccessCalls, { connectionId, personId, ...wanted }),
    ]), wanted.limit);
  }
}
