import { Injectable } from '@nestjs/common';
import { listAccessCalls, listSalesforceCalls, type CallsRequest, type SalesforceCallList } from '@tributary/api-contracts';
import { RequestClient } from '@tributary/messaging';
import type { Named } from './connection-access.ts';
import { mergedCalls } from './merged-calls.ts';

/** Each service keeps the calls it makes; here they are one list. */
@Injectable()
export class ReadCalls {
  constructor(private readonly requests: RequestClient) {}

  async execute({ workspaceId, connectionId, personId }: Named, wanted: CallsRequest): Promise<SalesforceCallList> {
    return mergedCalls(await Promise.all([
      this.requests.ask(listSalesforceCalls, { workspaceId, connectionId, ...wanted }),
      this.requests.ask(listAccessCalls, { connectionId, personId, ...wanted }),
    ]), wanted.limit);
  }
}
