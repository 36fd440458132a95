import { Controller } from '@nestjs/common';
import { Payload } from '@nestjs/microservices';
import { listAccessCalls, type SalesforceCallList } from '@tributary/api-contracts';
import { OnRequest } from '@tributary/messaging';
import { ReadCalls, type CallsOfConnection } from './read-calls.ts';

@Controller()
export class CallsController {
  constructor(private readonly readCalls: ReadCalls) {}

  @OnRequest(listAccessCalls)
  async list(@Payload() request: CallsOfConnection): Promise<SalesforceCallList> {
    return this.readCalls.execute(request);
  }
}
