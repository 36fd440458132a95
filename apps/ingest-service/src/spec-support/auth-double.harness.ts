import { createHash, randomBytes } from 'node:crypto';
import type { NatsConnection, Subscription } from '@nats-io/transport-node';
import { AnyLeaseRequestClaims, leaseAccessToken, type LentToken } from '@tributary/api-contracts';
import { connectionAuthorized, connectionErased, ConnectionId, connectionPaused, OrgId, PersonId, SalesforceUserId, tokenReady, WorkspaceId } from '@tributary/event-contracts';
import { failureToWire, toFailure, type Failure } from '@tributary/failures';
import type { Simulator } from '@tributary/salesforce-simulator';
import type { ServiceEnvironment } from '@tributary/testing';
import { CompactEncrypt, importJWK, jwtVerify, SignJWT, type JWK } from 'jose';
import { z } from 'zod';

const TokenAnswer = z.object({ access_token: z.string(), refresh_token: z.string().optional(), instance_url: z.string() });

/** Where connections are at home whose test does not say otherwise. */
export const homeWorkspace = WorkspaceId.parse('0199aa00-0000-7000-8000-00000000000b');

/** auth-service as ingest-service sees it on the bus: leases with real cryptography, events with real envelopes. */
export class AuthDouble {
  epoch = 1;
  /** Rejected epochs that were reported, in order. */
  readonly rejected: number[] = [];
  /** Tokens lent, and refusals. */
  leases = 0;
  /** Thrown instead of lending. */
  refusal: Failure | undefined;
  /** Lent as the org's address in place of its own: a link that fails. */
  through: string | undefined;
  #token = '';
  #refreshToken = '';
  #instanceUrl = '';
  #subscription: Subscription | undefined;

  private constructor(
    private readonly bus: NatsConnection,
    private readonly environment: ServiceEnvironment,
    private readonly simulator: Simulator,
    /** Answers for this connection alone; for all when undefined. */
    private readonly only: string | undefined,
  ) {}

  /** The access token that is lent now. */
  get token(): string {
    return this.#token;
  }

  /** Consents at the simulator and answers leases from then on. @param only of this connection; several doubles share the bus then */
  static async start(bus: NatsConnection, environment: ServiceEnvironment, simulator: Simulator, only?: string): Promise<AuthDouble> {
    const double = new AuthDouble(bus, environment, simulator, only);
    await double.consent();
    double.#subscription = bus.subscribe(leaseAccessToken.subject, {
      callback: (_error, message) => {
        double.#lend(message.json<{ request: string }>().request).then(
          (reply) => reply !== undefined && message.respond(JSON.stringify({ reply: { reply } })),
          (error: unknown) => message.respond(JSON.stringify({ failure: failureToWire(toFailure(error)) })));
      },
    });
    return double;
  }

  /** Answers no more. */
  stop(): void {
    this.#subscription?.unsubscribe();
  }

  /** A person consents; the grant is new. */
  async consent(): Promise<void> {
    const verifier = randomBytes(32).toString('base64url');
    const redirectUri = 'http://localhost:3000/connect/salesforce/callback';
    const query = new URLSearchParams({
      response_type: 'code', client_id: this.simulator.client.id, redirect_uri: redirectUri, scope: 'openid api refresh_token', state: 'state',
      code_challenge: createHash('sha256').update(verifier).digest('base64url'), code_challenge_method: 'S256',
    });
    const callback = new URL(await this.simulator.approve(`${this.simulator.loginOrigin}/services/oauth2/authorize?${query}`));
    await this.#ask({ grant_type: 'authorization_code', code: callback.searchParams.get('code') ?? '', redirect_uri: redirectUri, code_verifier: verifier });
  }

  /** Uses the grant, as auth-service does with each one before Salesforce forgets it. */
  async keepAlive(): Promise<void> {
    await this.#ask({ grant_type: 'refresh_token', refresh_token: this.#refreshToken });
  }

  publishAuthorized(connectionId: string, workspaceId = homeWorkspace): void {
    this.#publish(connectionAuthorized.subject(ConnectionId.parse(connectionId)), connectionAuthorized.create({
      connectionId: ConnectionId.parse(connectionId), workspaceId, personId: PersonId.parse('0199aa00-0000-7000-8000-00000000000a'),
      orgId: OrgId.parse(this.simulator.orgId), userId: SalesforceUserId.parse(this.simulator.users[0]?.userId), instanceUrl: this.simulator.orgOrigin, reconnected: false,
    }));
  }

  publishTokenReady(connectionId: string, orgId = this.simulator.orgId): void {
    const id = ConnectionId.parse(connectionId);
    this.#publish(tokenReady.subject(id), tokenReady.create({ connectionId: id, orgId: OrgId.parse(orgId), epoch: this.epoch, flow: 'refresh-token' }));
  }

  publishErased(connectionId: string, data: 'keep' | 'erase'): void {
    const id = ConnectionId.parse(connectionId);
    this.#publish(connectionErased.subject(id), connectionErased.create({ connectionId: id, data }));
  }

  publishPaused(connectionId: string, paused: boolean): void {
    const id = ConnectionId.parse(connectionId);
    this.#publish(connectionPaused.subject(id), connectionPaused.create({ connectionId: id, paused }));
  }

  #publish(subject: string, event: unknown): void {
    this.bus.publish(subject, JSON.stringify(event));
  }

  async #lend(request: string): Promise<string | undefined> {
    const { ingest } = this.environment.keys;
    const { payload } = await jwtVerify(request, await importJWK(publicPart(ingest.sign), 'EdDSA'), { issuer: 'ingest-service', audience: 'auth-service', algorithms: ['EdDSA'] });
    const claims = AnyLeaseRequestClaims.parse(payload);
    if ('leases' in claims) {
      const mine = claims.leases.filter(({ connectionId }) => this.only === undefined || connectionId === this.only);
      // Of several doubles on the bus the first answer counts.
      if (mine.length === 0) return undefined;
      const lent = this.refusal === undefined ? mine.map((wanted) => this.#lent(wanted)) : [];
      this.leases += lent.length;
      return this.#sealed({ leases: lent }, claims.jti);
    }
    if (this.only !== undefined && claims.connectionId !== this.only) return undefined;
    if (claims.rejectedEpoch !== undefined) this.rejected.push(claims.rejectedEpoch);
    this.leases += 1;
    if (this.refusal !== undefined) throw this.refusal;
    if (claims.rejectedEpoch === this.epoch) {
      await this.#ask({ grant_type: 'refresh_token', refresh_token: this.#refreshToken });
      this.epoch += 1;
      this.publishTokenReady(claims.connectionId);
    }
    return this.#sealed(this.#lent(claims), claims.jti);
  }

  #lent({ jti, connectionId }: Pick<LentToken, 'jti' | 'connectionId'>): LentToken {
    return {
      jti, connectionId, epoch: this.epoch, issuedAt: new Date().toISOString(), flow: 'refresh-token', instanceUrl: this.through ?? this.#instanceUrl, apiVersion: null,
      accessToken: this.#token, leaseUntil: new Date(Date.now() + 15 * 60_000).toISOString(),
    };
  }

  async #sealed(claims: LentToken | { readonly leases: readonly LentToken[] }, jti: string): Promise<string> {
    const { ingest, auth } = this.environment.keys;
    const signed = await new SignJWT({ ...claims }).setProtectedHeader({ alg: 'EdDSA', typ: 'JWT' }).setIssuer('auth-service').setAudience('ingest-service').setJti(jti).setExpirationTime('60s')
      .sign(await importJWK(auth.sign, 'EdDSA'));
    return new CompactEncrypt(new TextEncoder().encode(signed)).setProtectedHeader({ alg: 'ECDH-ES+A256KW', enc: 'A256GCM', cty: 'JWT' }).encrypt(await importJWK(publicPart(ingest.encrypt), 'ECDH-ES+A256KW'));
  }

  async #ask(parameters: Record<string, string>): Promise<void> {
    const { id, secret } = this.simulator.client;
    const response = await fetch(`${this.simulator.loginOrigin}/services/oauth2/token`, { method: 'POST', body: new URLSearchParams({ client_id: id, client_secret: secret, ...parameters }) });
    const answer = TokenAnswer.parse(await response.json());
    this.#token = answer.access_token;
    this.#refreshToken = answer.refresh_token ?? this.#refreshToken;
    this.#instanceUrl = answer.instance_url;
  }
}

function publicPart({ d: _private, ...key }: JWK): JWK {
  return key;
}
