import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { SignJWT, decodeJwt, exportJWK, generateKeyPair, type CryptoKey, type JWTPayload } from 'jose';
import OidcProvider from 'oidc-provider';
import { redirectUri } from './auth-service.harness.ts';

export const independentPerson = { orgId: '00DXX0000001abcEAA', userId: '005XX0000001XyzAAA' } as const;
const personPath = `/id/${independentPerson.orgId}/${independentPerson.userId}`;
const scopes = ['openid', 'api', 'refresh_token'];

interface Grant {
  addOIDCScope(scope: string): void;
  save(): Promise<string>;
}

/** The part of oidc-provider that is used here. */
interface Provider {
  readonly Grant: new (of: { accountId: string; clientId: string }) => Grant;
  readonly AccessToken: { find(token: string): Promise<{ readonly accountId: string } | undefined> };
  callback(): (request: IncomingMessage, response: ServerResponse) => void;
  interactionDetails(request: IncomingMessage, response: ServerResponse): Promise<{ readonly params: { readonly client_id: string } }>;
  interactionFinished(request: IncomingMessage, response: ServerResponse, result: unknown, options: { readonly mergeWithLastSubmission: boolean }): Promise<void>;
}

/**
 * An authorization server that others have written, under the paths of Salesforce. Everything standard is its own: code, PKCE, rotation with
 * reuse detection, id token, issuer in the answer. Added at its edge is what only Salesforce has: the identity URL, and the two members of the token answer that name it and the org's host.
 */
export class IndependentServer {
  origin = '';
  readonly client = { id: 'tributary-app', secret: 'a-secret-of-the-app-0123456789' } as const;
  /** Token requests as they came, by grant type. */
  readonly tokenRequests: URLSearchParams[] = [];
  /** What the discovery document says is the issuer; its own by default. */
  claimedIssuer: string | undefined;
  /** What an id token says in place of what it should; it is signed with the server's own key, as the others are. */
  idTokenClaims: JWTPayload | undefined;
  /** Refresh tokens as they were given, and tokens that were given back. */
  readonly given: string[] = [];
  readonly revoked: (string | null)[] = [];
  #key: CryptoKey | undefined;
  #provider: Provider | undefined;
  readonly #server = createServer((request, response) => {
    this.#serve(request, response).catch(() => response.destroy());
  });

  async start(): Promise<this> {
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#server.listen(0, '127.0.0.1', resolve);
    await promise;
    this.origin = `http://localhost:${(this.#server.address() as AddressInfo).port}`;
    const { privateKey } = await generateKeyPair('RS256', { extractable: true });
    this.#key = privateKey;
    const accountId = this.origin + personPath;
    this.#provider = new OidcProvider(this.origin, {
      clients: [{ client_id: this.client.id, client_secret: this.client.secret, redirect_uris: [redirectUri], grant_types: ['authorization_code', 'refresh_token'], response_types: ['code'], token_endpoint_auth_method: 'client_secret_post' }],
      jwks: { keys: [{ ...(await exportJWK(privateKey)), kid: '1', use: 'sig', alg: 'RS256' }] },
      cookies: { keys: ['of this test'] },
      scopes,
      pkce: { required: () => true },
      routes: { authorization: '/services/oauth2/authorize', token: '/services/oauth2/token', revocation: '/services/oauth2/revoke', userinfo: '/services/oauth2/userinfo', jwks: '/id/keys' },
      features: { devInteractions: { enabled: false }, revocation: { enabled: true } },
      interactions: { url: (_context: unknown, { uid }: { uid: string }) => `/interaction/${uid}` },
      issueRefreshToken: () => true,
      rotateRefreshToken: true,
      findAccount: () => ({ accountId, claims: () => ({ sub: accountId }) }),
    }) as unknown as Provider;
    return this;
  }

  async stop(): Promise<void> {
    this.#server.closeAllConnections();
    this.#server.close();
  }

  /** Plays a person who approves: follows the pages. @returns the callback address */
  async approve(authorizeUrl: string): Promise<string> {
    const cookies = new Map<string, string>();
    let address = authorizeUrl;
    for (let step = 0; step < 10 && !address.startsWith(redirectUri); step += 1) {
      const response = await fetch(address, { redirect: 'manual', headers: { cookie: [...cookies].map(([name, value]) => `${name}=${value}`).join('; ') } });
      for (const set of response.headers.getSetCookie()) {
        const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(set) ?? [];
        cookies.set(name, value);
      }
      const next = response.headers.get('location');
      if (next === null) throw new Error(`${response.status} at ${new URL(address).pathname}: ${(await response.text()).slice(0, 300)}`);
      address = new URL(next, address).href;
    }
    return address;
  }

  get #running(): Provider {
    if (this.#provider === undefined) throw new Error('the server was not started');
    return this.#provider;
  }

  async #serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const path = request.url?.split('?', 1)[0] ?? '';
    if (path.startsWith('/interaction/')) return this.#approve(request, response);
    if (path === personPath) return this.#identity(request, response);
    if (path === '/services/oauth2/token') this.tokenRequests.push(await read(request));
    if (path === '/services/oauth2/revoke') this.revoked.push((await read(request)).get('token'));
    if (path === '/services/oauth2/token' || path === '/.well-known/openid-configuration') this.#dress(path, response);
    this.#running.callback()(request, response);
  }

  async #approve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { params } = await this.#running.interactionDetails(request, response);
    const accountId = this.origin + personPath;
    const grant = new this.#running.Grant({ accountId, clientId: params.client_id });
    grant.addOIDCScope(scopes.join(' '));
    await this.#running.interactionFinished(request, response, { login: { accountId }, consent: { grantId: await grant.save() } }, { mergeWithLastSubmission: false });
  }

  async #identity(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const token = await this.#running.AccessToken.find(request.headers.authorization?.replace('Bearer ', '') ?? '');
    if (token === undefined) return void response.writeHead(403).end('Bad_OAuth_Token');
    response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify({ user_id: independentPerson.userId, organization_id: independentPerson.orgId, username: 'ada@acme.test', display_name: 'Ada Example' }));
  }

  /** Adds what the dialect needs to an answer on its way out. */
  #dress(path: string, response: ServerResponse): void {
    const end = response.end.bind(response);
    response.end = ((text?: string | Buffer) => {
      if (text === undefined) return end();
      this.#inDialect(path, response.statusCode, text.toString()).then((answer) => response.setHeader('content-length', Buffer.byteLength(answer)) && end(answer), () => response.destroy());
      return response;
    }) as typeof response.end;
  }

  async #inDialect(path: string, status: number, text: string): Promise<string> {
    if (status !== 200) return text;
    const answer = JSON.parse(text) as Record<string, unknown>;
    if (path !== '/services/oauth2/token') return JSON.stringify({ ...answer, ...(this.claimedIssuer === undefined ? {} : { issuer: this.claimedIssuer }) });
    this.given.push(String(answer['refresh_token']));
    return JSON.stringify({ ...answer, ...(await this.#idToken(answer['id_token'])), instance_url: this.origin, id: this.origin + personPath });
  }

  async #idToken(given: unknown): Promise<{ id_token?: string }> {
    if (typeof given !== 'string' || this.idTokenClaims === undefined || this.#key === undefined) return {};
    return { id_token: await new SignJWT({ ...decodeJwt(given), ...this.idTokenClaims }).setProtectedHeader({ alg: 'RS256', kid: '1' }).sign(this.#key) };
  }
}

/** Reads a form and hands it on as the server takes bodies that were read before. */
async function read(request: IncomingMessage): Promise<URLSearchParams> {
  let body = '';
  for await (const piece of request) body += String(piece);
  Object.assign(request, { body });
  return new URLSearchParams(body);
}

/** A server that sends people on to an honest one in the hope of getting their code, and writes down everything it gets. */
export class MaliciousServer {
  origin = '';
  readonly heard: string[] = [];
  readonly #server = createServer((request, response) => {
    let body = '';
    request.on('data', (piece: Buffer) => (body += piece.toString('utf8')));
    request.on('end', () => {
      this.heard.push(`${request.method} ${request.url} ${body}`);
      const url = new URL(request.url ?? '/', this.origin);
      if (url.pathname === '/services/oauth2/authorize') response.writeHead(302, { location: `${this.honest}/services/oauth2/authorize${url.search}` }).end();
      else response.writeHead(200, { 'content-type': 'application/json' }).end('{}');
    });
  });

  constructor(private readonly honest: string) {}

  async start(): Promise<this> {
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#server.listen(0, '127.0.0.1', resolve);
    await promise;
    this.origin = `http://localhost:${(this.#server.address() as AddressInfo).port}`;
    return this;
  }

  async stop(): Promise<void> {
    this.#server.closeAllConnections();
    this.#server.close();
  }
}
