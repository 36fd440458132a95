import { Controller } from '@nestjs/common';
import { Payload } from '@nestjs/microservices';
import { redeemSignIn, type SignedInPerson } from '@tributary/api-contracts';
import { OnRequest } from '@tributary/messaging';
import { Tickets } from './tickets.ts';

@Controller()
export class SignInController {
  constructor(private readonly tickets: Tickets) {}

  @OnRequest(redeemSignIn)
  async redeem(@Payload() { ticket }: { readonly ticket: string }): Promise<SignedInPerson> {
    return this.tickets.redeem(ticket);
  }
}
