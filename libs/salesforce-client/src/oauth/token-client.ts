import { createHmac, timingSafeEqual } from 'node:crypto';
import { Secret, Unavailable } from '@tributary/failures';
import { z } from 'zod';
import type { HostRules } from '../http/host-rules.ts';
import type { SalesforceHttp, TokenGrant } from '../http/salesforce-http.ts';
import { classifyTokenAnswer, SalesforceAuthFailure } from './auth-failure.ts';
import { personOf } from './record-id.ts';

/** The app as registered at Salesforce. */
export interface ClientCredentials {
  readonly clientId: string;
  readonly clientSecret: Secret<string> | undefined;
}

/** A checked answer of the token endpoint. */
export interface TokenSet {
  readonly accessToken: Secret<string>;
  /** Only when one was issued: at the first exchange, and at each refresh under rotation. */
  readonly refreshToken: Secret<string> | undefined;
  readonly idToken: Secret<string> | undefined;
  /** Origin of the data API. */
  readonly instanceUrl: string;
  readonly identityUrl: string;
  /** 18 characters each. */
  readonly orgId: string;
  readonly userId: string;
  readonly scopes: readonly string[];
  readonly issuedAt: Date;
}

const TokenAnswer = z.object({
  access_token: z.string().min(1),
  refresh_token: z.string().min(1).optional(),
  id_token: z.string().min(1).optional(),
  instance_url: z.string(),
  id: z.string(),
  /** Milliseconds; Salesforce writes them as a text. */
  issued_at: z.union([z.string().regex(/^\d+$/), z.int().nonnegative().transform(String)]).optional(),
  signature: z.string().optional(),
  scope: z.string().optional(),
  token_type: z.string().optional(),
});

const deadlineMs = 10_000;
const tokenPath = '/services/oauth2/token';

/** Calls of the OAuth endpoints. Secrets stay in `Secret`, and nothing of an answer gets into an error. */
export class TokenClient {
  constructor(
    private readonly http: SalesforceHttp,
    private readonly hostRules: HostRules,
    private readonly credentials: ClientCredentials,
  ) {}

  /** Exchanges an authorization code at the host that issued it. @throws SalesforceAuthFailure, Unavailable */
  async exchangeCode(loginOrigin: string, code: string, codeVerifier: string, redirectUri: string): Promise<TokenSet> {
    return this.#token(loginOrigin, { grant_type: 'authorization_code', code, code_verifier: codeVerifier, redirect_uri: redirectUri }, 'code');
  }

  /**
   * Refreshes once, on a socket of its own, without any retry: a refresh token may be single-use.
   * @throws SalesforceAuthFailure; Unavailable `REFRESH_AMBIGUOUS` when the request may have arrived and no whole answer came back
   */
  async refresh(loginOrigin: string, refreshToken: Secret<string>): Promise<TokenSet> {
    return this.#token(loginOrigin, { grant_type: 'refresh_token', refresh_token: refreshToken.reveal() }, 'refresh');
  }

  /**
   * Presents a signed assertion (JWT bearer). It names the app itself: no client id and no secret go with it, and neither refresh token nor
   * `issued_at` nor `signature` comes back. Asking again is harmless.
   * @throws SalesforceAuthFailure, Unavailable
   */
  async assert(loginOrigin: string, assertion: Secret<string>): Promise<TokenSet> {
    const body = new URLSearchParams({ grant_type: 'urn:ietf:params:oauth:grant-type:jwt-bearer', assertion: assertion.reveal() }).toString();
    const answer = await this.http.text({ method: 'POST', origin: loginOrigin, path: tokenPath, headers: form, body, grant: 'assertion', timeoutMs: deadlineMs, freshSocket: true });
    if (answer.status !== 200) throw classifyTokenAnswer(answer.status, answer.text, 'assertion');
    return this.#check(answer.text, 'assertion');
  }

  /** Revokes a token; any answer below 500 means it is gone. @returns whether Salesforce confirmed */
  async revoke(loginOrigin: string, token: Secret<string>): Promise<boolean> {
    const answer = await this.http.text({ method: 'POST', origin: loginOrigin, path: '/services/oauth2/revoke', headers: form, body: new URLSearchParams({ token: token.reveal() }).toString(), timeoutMs: deadlineMs });
    return answer.status < 500;
  }

  async #token(origin: string, fields: Record<string, string>, grant: 'code' | 'refresh'): Promise<TokenSet> {
    const { clientId, clientSecret } = this.credentials;
    const body = new URLSearchParams({ ...fields, client_id: clientId, ...(clientSecret ? { client_secret: clientSecret.reveal() } : {}) }).toString();
    const answer = await this.#send(origin, body, grant);
    if (answer.status !== 200) throw classifyTokenAnswer(answer.status, answer.text, grant);
    return this.#check(answer.text, grant);
  }

  async #send(origin: string, body: string, grant: TokenGrant): Promise<{ status: number; text: string }> {
    try {
      return await this.http.text({ method: 'POST', origin, path: tokenPath, headers: form, body, grant, timeoutMs: deadlineMs, freshSocket: true });
    } catch (cause) {
      if (cause instanceof Unavailable && cause.details['sent'] === true) {
        throw new Unavailable('REFRESH_AMBIGUOUS', 'The answer of Salesforce was lost on the way.', { cause });
      }
      throw cause;
    }
  }

  #check(text: string, grant: TokenGrant): TokenSet {
    const answer = readAnswer(text, grant);
    const person = personOf(answer.id);
    if (person === undefined) throw new SalesforceAuthFailure('signature-invalid');
    this.#verifySignature(answer);
    return {
      accessToken: Secret.of(answer.access_token),
      refreshToken: answer.refresh_token === undefined ? undefined : Secret.of(answer.refresh_token),
      idToken: answer.id_token === undefined ? undefined : Secret.of(answer.id_token),
      instanceUrl: this.hostRules.instanceOrigin(answer.instance_url),
      identityUrl: answer.id,
      ...person,
      scopes: answer.scope?.split(' ').filter((scope) => scope !== '') ?? [],
      issuedAt: answer.issued_at === undefined ? new Date() : new Date(Number(answer.issued_at)),
    };
  }

  /** `signature` proves that nobody altered `id`; it is there whenever the app has a secret and the flow gives one. */
  #verifySignature({ signature, id, issued_at: issuedAt = '' }: z.infer<typeof TokenAnswer>): void {
    const secret = this.credentials.clientSecret;
    if (signature === undefined || secret === undefined) return;
    const expected = createHmac('sha256', secret.reveal()).update(id + issuedAt).digest();
    const given = Buffer.from(signature, 'base64');
    if (given.length !== expected.length || !timingSafeEqual(given, expected)) throw new SalesforceAuthFailure('signature-invalid');
  }
}

const form = { 'content-type': 'application/x-www-form-urlencoded' } as const;

function readAnswer(text: string, grant: TokenGrant): z.infer<typeof TokenAnswer> {
  try {
    return TokenAnswer.parse(JSON.parse(text));
  } catch {
    // The body may hold tokens: it must not become the cause of an error.
    if (grant === 'refresh') throw new Unavailable('REFRESH_AMBIGUOUS', 'Salesforce accepted the refresh, but its answer cannot be read.');
    throw new SalesforceAuthFailure('as-unavailable');
  }
}
