import { createHash, randomBytes } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

export const minimalOrg = { orgId: '00DXX0000001abcEAA', userId: '005XX0000001XyzAAA', username: 'ada@acme.test' } as const;

/** What a test changes about the next answers. */
export interface MinimalSettings {
  /** Members added to, or with undefined taken from, each token answer. */
  tokenAnswer: Record<string, unknown>;
  identity: Record<string, unknown>;
}

/** The least that still behaves like Salesforce: code with PKCE, rotation, identity, revoke; no discovery, no keys, no id token, no signature. */
export class MinimalLoginHost {
  readonly settings: MinimalSettings = { tokenAnswer: {}, identity: {} };
  readonly revoked: string[] = [];
  exchanges = 0;
  refreshes = 0;
  readonly #challenges = new Map<string, string>();
  readonly #refreshTokens = new Set<string>();
  readonly #server = createServer((request, response) => void this.#answer(request, response));
  origin = '';

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

  /** Plays a person who approves. @returns the callback address */
  approve(authorizeUrl: string): string {
    const { searchParams } = new URL(authorizeUrl);
    const code = randomBytes(24).toString('base64url');
    this.#challenges.set(code, searchParams.get('code_challenge') ?? '');
    return `${searchParams.get('redirect_uri')}?${new URLSearchParams({ code, state: searchParams.get('state') ?? '' })}`;
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const body = new URLSearchParams(await text(request));
    const path = request.url?.split('?')[0];
    if (path === '/services/oauth2/token') return this.#token(body, response);
    if (path === '/services/oauth2/revoke') {
      this.revoked.push(body.get('token') ?? '');
      return void response.end();
    }
    if (path === `/id/${minimalOrg.orgId}/${minimalOrg.userId}`) return json(response, 200, { user_id: minimalOrg.userId, organization_id: minimalOrg.orgId, username: minimalOrg.username, display_name: 'Ada Example', ...this.settings.identity });
    response.writeHead(404).end();
  }

  #token(body: URLSearchParams, response: ServerResponse): void {
    if (body.get('grant_type') === 'authorization_code') {
      this.exchanges += 1;
      const expected = this.#challenges.get(body.get('code') ?? '');
      this.#challenges.delete(body.get('code') ?? '');
      const given = createHash('sha256').update(body.get('code_verifier') ?? '').digest('base64url');
      if (expected !== given) return json(response, 400, { error: 'invalid_grant', error_description: 'invalid authorization code' });
    } else {
      this.refreshes += 1;
      if (!this.#refreshTokens.delete(body.get('refresh_token') ?? '')) return json(response, 400, { error: 'invalid_grant', error_description: 'expired access/refresh token' });
    }
    const refreshToken = `5Aep861${randomBytes(30).toString('base64url')}`;
    this.#refreshTokens.add(refreshToken);
    json(response, 200, {
      access_token: `00DXX0000001abc!${randomBytes(40).toString('base64url')}`, refresh_token: refreshToken, instance_url: this.origin,
      id: `${this.origin}/id/${minimalOrg.orgId}/${minimalOrg.userId}`, scope: 'refresh_token api', ...this.settings.tokenAnswer,
    });
  }
}

async function text(request: IncomingMessage): Promise<string> {
  let body = '';
  for await (const chunk of request) body += String(chunk);
  return body;
}

function json(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
}
