import { randomUUID } from 'node:crypto';
import { Inject, Injectable } from '@nestjs/common';
import { leaseAccessToken } from '@tributary/api-contracts';
import { Secret } from '@tributary/failures';
import { RequestClient } from '@tributary/messaging';
import type { AccessLease } from '@tributary/salesforce-client';
import { CLOCK, type Clock } from '@tributary/service-kit';
import { CONFIG, type IngestConfig } from '../config.ts';
import { openLeaseReply } from './lease-reply.ts';
import { signLeaseRequest, type LeaseAsk } from './lease-request.ts';

/** An access token on loan; kept in memory only. */
export interface TokenLease extends AccessLease {
  /** API version the connection is pinned to, if any. */
  readonly apiVersion: string | null;
  readonly leaseUntil: Date;
}

/** Asks auth-service for access tokens. */
@Injectable()
export class LeaseClient {
  constructor(
    private readonly requests: RequestClient,
    @Inject(CONFIG) private readonly config: IngestConfig,
    @Inject(CLOCK) private readonly now: Clock,
  ) {}

  /** @throws ConsentRequired, Unavailable, RateLimited as auth-service says; Defect `LEASE_REPLY_REFUSED` */
  async lease(ask: LeaseAsk): Promise<TokenLease> {
    const jti = randomUUID();
    const request = await signLeaseRequest(ask, jti, this.config.keys, this.now());
    const { reply } = await this.requests.ask(leaseAccessToken, { request });
    const claims = await openLeaseReply(reply, { jti, connectionId: ask.connectionId }, this.config.keys, this.config.authKeys);
    return {
      accessToken: Secret.of(claims.accessToken),
      instanceUrl: claims.instanceUrl,
      epoch: claims.epoch,
      apiVersion: claims.apiVersion,
      leaseUntil: new Date(claims.leaseUntil),
    };
  }
}
