import { setTimeout as sleep } from 'node:timers/promises';
import { Inject, Injectable } from '@nestjs/common';
import type { LeaseRequestClaims, LeasesRequestClaims, LentToken } from '@tributary/api-contracts';
import { Failure, Unauthenticated, Unavailable, type Secret } from '@tributary/failures';
import { CONFIG, type AuthConfig } from '../config.ts';
import { VaultTrouble } from '../grant/vault-trouble.ts';
import type { WayKind } from '../policy/choose-way.ts';
import { concernsOneWay, RenewWay } from '../policy/renew-way.ts';
import { WayUses } from '../policy/way-uses.ts';
import { VaultUnreadable } from '../vault/vault.ts';
import { LeaseLedger } from './lease-ledger.ts';
import { readLeaseRequest } from './lease-request.ts';
import { sealLease } from './lease-reply.ts';
import { isTooOld, type LeaseSituation, type LentGrant } from './lease-situation.ts';
import { offerOf, waysOf, type Offer } from './offer.ts';
import { TokenCache } from './token-cache.ts';

const leaseMs = 15 * 60_000;
const replyLifeSeconds = 60;
const longestWaitMs = 15_000;
const lookEveryMs = 100;

/** What one request has learned while it was answered. */
interface Attempt {
  /** Ways that gave no token, with why. */
  readonly failed: Map<WayKind, unknown>;
  /** Ways whose token was renewed for its age: once only, for Salesforce dates its tokens by its own clock. */
  readonly renewed: Set<WayKind>;
}

/** Lends access tokens to the services that may have them. */
@Injectable()
export class LeaseAccessToken {
  constructor(
    private readonly ledger: LeaseLedger,
    private readonly cache: TokenCache,
    private readonly renewWay: RenewWay,
    private readonly wayUses: WayUses,
    private readonly vaultTrouble: VaultTrouble,
    @Inject(CONFIG) private readonly config: Pick<AuthConfig, 'serviceKeys' | 'apiVersion'>,
  ) {}

  /**
   * Answers a signed request with an encrypted lease. A stored token that nobody reported as rejected is lent without asking Salesforce;
   * the present one reported as rejected causes one renewal for all who report it. When one of two ways in gives nothing, the other carries on.
   * Of several asked for together, those that can be lent at once are.
   * @throws Unauthenticated, Forbidden; and for one alone NotFound; ConsentRequired `GRANT_REVOKED`; Conflict `CONNECTION_*`; Unavailable with `retryAfterMs`
   */
  async execute(request: string): Promise<string> {
    const { serviceKeys: { peers, sign } } = this.config;
    const { claims, recipient } = readLeaseRequest(request, peers);
    const lent = 'leases' in claims ? { leases: await this.#lendSeveral(claims) } : await this.#lend(claims, await this.ledger.enter(claims));
    return sealLease({ ...lent, iss: 'auth-service', aud: claims.iss, jti: claims.jti, exp: Math.floor(Date.now() / 1_000) + replyLifeSeconds }, sign, recipient);
  }

  /** @throws Unauthenticated `LEASE_REPLAYED` when one of them was asked for before */
  async #lendSeveral({ iss, leases }: LeasesRequestClaims): Promise<LentToken[]> {
    const lent = await Promise.all(leases.map(async (wanted) => {
      try {
        return await this.#lendAtOnce(wanted, await this.ledger.enter({ ...wanted, iss }));
      } catch (error) {
        if (error instanceof Failure && !(error instanceof Unauthenticated)) return undefined;
        throw error;
      }
    }));
    return lent.filter((token) => token !== undefined);
  }

  /** @returns undefined when the token must be renewed first, or is not there. @throws the Failure that says why nothing can be lent */
  async #lendAtOnce(wanted: LeasesRequestClaims['leases'][number], situation: LeaseSituation): Promise<LentToken | undefined> {
    const offer = offerOf(situation, wanted, new Map());
    if (isTooOld(offer.grant, situation.floor, undefined)) return undefined;
    const token = await this.#token(wanted.connectionId, offer.grant);
    return token === undefined ? undefined : this.#lent(wanted, situation, offer, token);
  }

  async #lend(claims: LeaseRequestClaims, first: LeaseSituation): Promise<LentToken> {
    const { connectionId } = claims;
    const patience = performance.now() + longestWaitMs;
    const attempt: Attempt = { failed: new Map(), renewed: new Set() };
    for (let situation = first; performance.now() < patience; situation = await this.ledger.situationOf(connectionId)) {
      const offer = offerOf(situation, claims, attempt.failed);
      const reason = reasonToRenew(offer, situation, claims, attempt);
      if (reason !== undefined) {
        await this.#renew(offer, situation, claims, reason, attempt);
        continue;
      }
      if (offer.grant.epoch < (claims.minEpoch ?? 0)) {
        await sleep(lookEveryMs);
        continue;
      }
      const token = await this.#token(connectionId, offer.grant);
      if (token !== undefined) return this.#lent(claims, situation, offer, token);
    }
    throw new Unavailable('EPOCH_NOT_READY', 'The token asked for is not there yet.', { retryAfterMs: 2_000 });
  }

  /** Gets a way past a token, or notes why it gives none. @throws Failure that concerns the whole connection */
  async #renew({ choice: { kind }, grant }: Offer, situation: LeaseSituation, { connectionId, purpose }: LeaseRequestClaims, reason: 'rejected' | 'too-old', { failed, renewed }: Attempt): Promise<void> {
    renewed.add(kind);
    // With another way at hand nobody waits for one that is in trouble already.
    const spare = waysOf(situation, purpose).some((way) => way !== kind && !failed.has(way));
    if (spare && kind === 'user' && (situation.state === 'degraded' || situation.state === 'refresh_uncertain')) return void failed.set(kind, undefined);
    try {
      await this.renewWay.execute(kind, connectionId, grant.epoch, reason);
    } catch (error) {
      if (!concernsOneWay(error)) throw error;
      // Looked at once more: another way carries on, or the state says better than this failure what is the matter.
      failed.set(kind, error);
    }
  }

  async #token(connectionId: string, { grantId, epoch }: LentGrant): Promise<Secret<string> | undefined> {
    try {
      return await this.cache.tokenOf(grantId, epoch);
    } catch (error) {
      if (error instanceof VaultUnreadable && !(await this.vaultTrouble.report(connectionId))) return undefined;
      throw error;
    }
  }

  #lent({ jti, connectionId, purpose }: Pick<LeaseRequestClaims, 'jti' | 'connectionId' | 'purpose'>, { instanceUrl }: LeaseSituation, { choice, grant }: Offer, token: Secret<string>): LentToken {
    const { epoch, issuedAt, flow } = grant;
    this.wayUses.lent({ connectionId, kind: choice.kind, at: new Date(), purpose, flow, reason: choice.reason });
    return {
      jti, connectionId, epoch, issuedAt: issuedAt.toISOString(), flow, instanceUrl, apiVersion: this.config.apiVersion ?? null, accessToken: token.reveal(),
      leaseUntil: new Date(Date.now() + leaseMs).toISOString(),
    };
  }
}

/** An epoch names one token set: a live grant with another epoch is not rejected by it. */
function reasonToRenew({ choice, grant }: Offer, { floor }: LeaseSituation, { rejectedEpoch, notIssuedBefore }: LeaseRequestClaims, { renewed }: Attempt): 'rejected' | 'too-old' | undefined {
  if (grant.epoch === rejectedEpoch) return 'rejected';
  return !renewed.has(choice.kind) && isTooOld(grant, floor, notIssuedBefore) ? 'too-old' : undefined;
}
