import { Controller, Inject } from '@nestjs/common';
import { Payload } from '@nestjs/microservices';
import { listProviders, redeemSignIn, type SignedInPerson, type SignInProvider } from '@tributary/api-contracts';
import { OnRequest } from '@tributary/messaging';
import { CONFIG, type AuthConfig } from '../config.ts';
import { Tickets } from './tickets.ts';

@Controller()
export class SignInController {
  constructor(
    private readonly tickets: Tickets,
    @Inject(CONFIG) private readonly config: Pick<AuthConfig, 'oidc'>,
  ) {}

  @OnRequest(redeemSignIn)
  async redeem(@Payload() { ticket }: { readonly ticket: string }): Promise<SignedInPerson> {
    return this.tickets.redeem(ticket);
  }

  @OnRequest(listProviders)
  providers(): { providers: SignInProvider[] } {
    return { providers: this.config.oidc.providers.map(({ name, label }) => ({ name, label, startPath: `/connect/oidc/${name}` })) };
  }
}
