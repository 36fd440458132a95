import { EntityManager } from '@mikro-orm/postgresql';
import { Inject, Injectable, Logger } from '@nestjs/common';
import type { AssertionTry, JwtProof } from '@tributary/api-contracts';
import { TokenClient, type Identity, type TokenSet } from '@tributary/salesforce-client';
import { CONFIG, type AuthConfig } from '../config.ts';
import { SigningKeyTable } from '../signing-key/signing-key.entity.ts';
import type { OrgAddresses } from './assertion-targets.ts';
import { jwtTrouble, type JwtTrouble } from './jwt-trouble.ts';
import { PresentAssertion } from './present-assertion.ts';
import { proofSteps } from './proof-steps.ts';
import { isTrouble, ReadIdentity } from './read-identity.ts';

export interface ProvenAccess {
  readonly tokens: TokenSet;
  readonly host: string;
  readonly identity: Identity;
}

/** Presents an assertion and believes the answer only when the identity URL names the expected org and user. */
@Injectable()
export class ProveAccess {
  readonly #log = new Logger('jwt-grant');

  constructor(
    private readonly em: EntityManager,
    private readonly present: PresentAssertion,
    private readonly readIdentity: ReadIdentity,
    private readonly tokenClient: TokenClient,
    @Inject(CONFIG) private readonly config: Pick<AuthConfig, 'clientId'>,
  ) {}

  /**
   * @param expected whether an identity is the one that is asked for
   * @returns `access` only when proven; what came for anybody else is revoked, and stored nowhere
   * @throws VaultUnreadable
   */
  async execute(username: string, org: OrgAddresses, expected: (identity: Identity) => boolean): Promise<{ readonly proof: JwtProof; readonly access: ProvenAccess | undefined }> {
    const presented = await this.present.execute(username, org);
    const { tries } = presented;
    if (presented.kind === 'refused') return { proof: await this.#missing(username, presented.trouble, tries), access: undefined };
    const { tokens, host } = presented;
    const identity = await this.readIdentity.execute(tokens, host);
    if (!isTrouble(identity) && expected(identity)) {
      return { proof: { proven: true, cause: null, who: null, text: `Salesforce gives access for ${identity.username} without a browser.`, steps: [], tries }, access: { tokens, host, identity } };
    }
    this.#giveBack(host, tokens);
    return { proof: await this.#missing(username, isTrouble(identity) ? identity : jwtTrouble('identity-changed'), tries), access: undefined };
  }

  async #missing(username: string, { cause, who, text }: JwtTrouble, tries: AssertionTry[]): Promise<JwtProof> {
    const [newest] = await this.em.fork().find(SigningKeyTable, { state: { $in: ['created', 'offered', 'current'] } }, { orderBy: { createdAt: 'desc' }, limit: 1 });
    return { proven: false, cause, who, text, steps: proofSteps(cause, { username, clientId: this.config.clientId, fingerprint: newest?.fingerprint }), tries };
  }

  #giveBack(host: string, { accessToken }: TokenSet): void {
    this.tokenClient.revoke(host, accessToken).catch((error: unknown) => this.#log.warn(`access that is not ours could not be given back: ${error instanceof Error ? error.message : 'unknown'}`));
  }
}
