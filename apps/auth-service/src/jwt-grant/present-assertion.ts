import { EntityManager } from '@mikro-orm/postgresql';
import { Inject, Injectable } from '@nestjs/common';
import type { AssertionTry } from '@tributary/api-contracts';
import { Failure, Unavailable } from '@tributary/failures';
import { SalesforceAuthFailure, TokenClient, type TokenSet } from '@tributary/salesforce-client';
import { CONFIG, type AuthConfig } from '../config.ts';
import { Reliers } from '../signing-key/reliers.ts';
import type { SigningKeyRow } from '../signing-key/signing-key.entity.ts';
import { SigningKeys } from '../signing-key/signing-keys.ts';
import { assertionTargets, type AssertionTarget, type OrgAddresses } from './assertion-targets.ts';
import { jwtTrouble, mayWorkElsewhere, mostTelling, type JwtTrouble } from './jwt-trouble.ts';

/** What presenting assertions led to; every try is kept. */
export type Presented =
  | { readonly kind: 'given'; readonly tokens: TokenSet; readonly host: string; readonly tries: AssertionTry[] }
  | { readonly kind: 'refused'; readonly trouble: JwtTrouble; readonly tries: AssertionTry[]; /** Whether nobody has said of any key that they take its certificate to Salesforce. */ readonly onlyNewKeys: boolean };

/** Asks Salesforce for access by signed assertion: each host with its audience, each key that may be the one at Salesforce. */
@Injectable()
export class PresentAssertion {
  constructor(
    private readonly em: EntityManager,
    private readonly keys: SigningKeys,
    private readonly reliers: Reliers,
    private readonly tokenClient: TokenClient,
    @Inject(CONFIG) private readonly config: Pick<AuthConfig, 'clientId' | 'hostRules'>,
  ) {}

  /**
   * Stops at the first success; a key that has its first one becomes the current key.
   * @throws VaultUnreadable
   */
  async execute(username: string, org: OrgAddresses): Promise<Presented> {
    const keys = await this.keys.candidates(this.em.fork());
    const tries: AssertionTry[] = [];
    const troubles: JwtTrouble[] = [];
    for (const target of assertionTargets(org, (origin) => this.config.hostRules.isExtra(origin))) {
      for (const key of keys) {
        const result = await this.#present({ username, site: org.site }, target, key);
        tries.push(tryOf(target, key, result));
        if (!('trouble' in result)) return { kind: 'given', tokens: result.tokens, host: target.host, tries };
        troubles.push(result.trouble);
        // Only an unknown signature may be better with another key.
        if (result.trouble.cause !== 'certificate-mismatch') break;
      }
      const last = troubles.at(-1);
      if (last === undefined || !mayWorkElsewhere(last)) break;
    }
    return { kind: 'refused', trouble: mostTelling(troubles), tries, onlyNewKeys: keys.every(({ state }) => state === 'created') };
  }

  async #present({ username, site }: { readonly username: string; readonly site: string | null }, { host, audience }: AssertionTarget, key: SigningKeyRow): Promise<{ tokens: TokenSet } | { trouble: JwtTrouble }> {
    const assertion = await this.keys.sign(this.em.fork(), key.id, { issuer: this.config.clientId, subject: username, audience });
    let tokens: TokenSet;
    try {
      tokens = await this.tokenClient.assert(host, assertion);
    } catch (error) {
      const trouble = troubleOf(error);
      return { trouble: trouble.cause === 'wrong-audience' && site !== null ? jwtTrouble('wrong-site') : trouble };
    }
    await this.#succeeded(key);
    return { tokens };
  }

  async #succeeded(key: SigningKeyRow): Promise<void> {
    await this.em.fork().transactional(async (em) => {
      if (!(await this.keys.succeeded(em, key.id))) return;
      await this.reliers.tell(em, { kind: 'signing-key-current', text: 'Salesforce accepts the new certificate: its key signs from now on, and the one before retires.', cause: key.fingerprint });
    });
  }
}

function tryOf({ host, audience }: AssertionTarget, key: SigningKeyRow, result: { tokens: TokenSet } | { trouble: JwtTrouble }): AssertionTry {
  const seen = { host: new URL(host).host, audience, keyId: key.id };
  if (!('trouble' in result)) return { ...seen, outcome: 'ok', cause: null, text: 'Salesforce gave an access token.' };
  const { cause, text } = result.trouble;
  return { ...seen, outcome: cause === 'as-unavailable' ? 'unreachable' : 'refused', cause, text };
}

/** @throws what is neither an answer of Salesforce nor a host that is away */
function troubleOf(error: unknown): JwtTrouble {
  if (error instanceof SalesforceAuthFailure) return jwtTrouble(error.reason, error.verdict === 'busy' ? 'transient' : error.verdict);
  if (error instanceof Failure && error.code === 'HOST_NOT_ALLOWED') return jwtTrouble('host-refused');
  if (error instanceof Unavailable) return jwtTrouble('as-unavailable', 'transient');
  throw error;
}
