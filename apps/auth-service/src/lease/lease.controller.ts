import { Controller } from '@nestjs/common';
import { Payload } from '@nestjs/microservices';
import { leaseAccessToken } from '@tributary/api-contracts';
import { OnRequest } from '@tributary/messaging';
import { LeaseAccessToken } from './lease-access-token.ts';

@Controller()
export class LeaseController {
  constructor(private readonly lease: LeaseAccessToken) {}

  @OnRequest(leaseAccessToken)
  async answer(@Payload() { request }: { readonly request: string }): Promise<{ reply: string }> {
    return { reply: await this.lease.execute(request) };
  }
}
