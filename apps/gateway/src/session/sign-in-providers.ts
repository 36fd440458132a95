import { Injectable } from '@nestjs/common';
import { listProviders, type SignInProvider } from '@tributary/api-contracts';
import { RequestClient } from '@tributary/messaging';

const keptMs = 60_000;

/** Ways to sign in besides Salesforce; they change only with a restart of auth-service. */
@Injectable()
export class SignInProviders {
  #known: { readonly providers: SignInProvider[]; readonly until: number } | undefined;

  constructor(private readonly requests: RequestClient) {}

  /** What was known last while auth-service is away: the page is shown in any case. */
  async list(): Promise<SignInProvider[]> {
    if (this.#known !== undefined && this.#known.until > performance.now()) return this.#known.providers;
    try {
      const { providers } = await this.requests.ask(listProviders, {});
      this.#known = { providers, until: performance.now() + keptMs };
      return providers;
    } catch {
      return this.#known?.providers ?? [];
    }
  }
}
