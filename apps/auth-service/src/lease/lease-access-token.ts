import { setTimeout as sleep } from 'node:timers/promises';
import { Inject, Injectable } from '@nestjs/common';
import type { LeaseClaims, LeaseRequestClaims } from '@tributary/api-contracts';
import { Unavailable, type Secret } from '@tributary/failures';
import { CONFIG, type AuthConfig } from '../config.ts';
import { RefreshGrant } from '../grant/refresh-grant.ts';
import { VaultTrouble } from '../grant/vault-trouble.ts';
import { VaultUnreadable } from '../vault/vault.ts';
import { LeaseLedger } from './lease-ledger.ts';
import { readLeaseRequest } from './lease-request.ts';
import { sealLease } from './lease-reply.ts';
import { refusalOf, type LeaseSituation } from './lease-situation.ts';
import { TokenCache } from './token-cache.ts';

const leaseMs = 15 * 60_000;
const replyLifeSeconds = 60;
const longestWaitMs = 15_000;
const lookEveryMs = 100;

type Lendable = LeaseSituation & { readonly grantId: string; readonly epoch: number; readonly flow: NonNullable<LeaseSituation['flow']>; readonly issuedAt: Date };

/** Lends access tokens to the services that may have them. */
@Injectable()
export class LeaseAccessToken {
  constructor(
    private readonly ledger: LeaseLedger,
    private readonly cache: TokenCache,
    private readonly refreshGrant: RefreshGrant,
    private readonly vaultTrouble: VaultTrouble,
    @Inject(CONFIG) private readonly config: Pick<AuthConfig, 'serviceKeys' | 'apiVersion'>,
  ) {}

  /**
   * Answers a signed request with an encrypted lease. A stored token that nobody reported as rejected is lent without asking Salesforce;
   * the present one reported as rejected causes one refresh for all who report it.
   * @throws Unauthenticated, Forbidden; NotFound; ConsentRequired `GRANT_REVOKED`; Conflict `CONNECTION_*`; Unavailable with `retryAfterMs`
   */
  async execute(request: string): Promise<string> {
    const { claims, asker } = await readLeaseRequest(request, this.config.serviceKeys.peers);
    const lease = await this.#lend(claims, await this.ledger.enter(claims));
    return sealLease(lease, this.config.serviceKeys.sign, asker.encrypt);
  }

  async #lend(claims: LeaseRequestClaims, first: LeaseSituation): Promise<LeaseClaims> {
    const { connectionId, rejectedEpoch } = claims;
    const patience = Date.now() + longestWaitMs;
    for (let situation = first; Date.now() < patience; situation = await this.ledger.situationOf(connectionId)) {
      const current = lendable(situation);
      if (rejectedEpoch !== undefined && current.epoch <= rejectedEpoch) {
        await this.refreshGrant.execute(connectionId, rejectedEpoch);
        continue;
      }
      if (current.epoch < (claims.minEpoch ?? 0)) {
        await sleep(lookEveryMs);
        continue;
      }
      const token = await this.#token(connectionId, current);
      if (token !== undefined) return this.#claims(claims, current, token);
    }
    throw new Unavailable('EPOCH_NOT_READY', 'The token asked for is not there yet.', { retryAfterMs: 2_000 });
  }

  async #token(connectionId: string, { grantId, epoch }: Lendable): Promise<Secret<string> | undefined> {
    try {
      return await this.cache.tokenOf(grantId, epoch);
    } catch (error) {
      if (error instanceof VaultUnreadable) await this.vaultTrouble.report(connectionId);
      throw error;
    }
  }

  #claims({ jti, iss, connectionId }: LeaseRequestClaims, { epoch, issuedAt, flow, instanceUrl }: Lendable, token: Secret<string>): LeaseClaims {
    return {
      iss: 'auth-service', aud: iss, jti, exp: Math.floor(Date.now() / 1_000) + replyLifeSeconds, connectionId, epoch, issuedAt: issuedAt.toISOString(), flow, instanceUrl,
      apiVersion: this.config.apiVersion ?? null, accessToken: token.reveal(), leaseUntil: new Date(Date.now() + leaseMs).toISOString(),
    };
  }
}

/** @throws the Failure that says why nothing can be lent */
function lendable(situation: LeaseSituation): Lendable {
  const refusal = refusalOf(situation);
  const { grantId, epoch, flow, issuedAt } = situation;
  if (refusal !== undefined) throw refusal;
  if (grantId === null || epoch === null || flow === null || issuedAt === null) throw new Unavailable('EPOCH_NOT_READY', 'The connection has no token yet.', { retryAfterMs: 2_000 });
  return { ...situation, grantId, epoch, flow, issuedAt };
}
