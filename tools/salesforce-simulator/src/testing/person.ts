import { createHash } from 'node:crypto';
import type { Simulator } from '../simulator-types.ts';

export const redirectUri = 'http://localhost:3000/connect/salesforce/callback';
export const verifier = 'a-verifier-of-enough-length-0123456789-0123456789';
export const challenge = createHash('sha256').update(verifier).digest('base64url');

export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly body: unknown;
  readonly text: string;
}

/** Members of a token answer. */
export interface Tokens {
  readonly access_token: string;
  readonly refresh_token: string;
  readonly id_token: string;
  readonly id: string;
  readonly issued_at: string;
  readonly signature: string;
  readonly scope: string;
  readonly instance_url: string;
}

export function authorizeUrl(simulator: Simulator, more: Readonly<Record<string, string>> = {}, origin = simulator.loginOrigin): string {
  const query = new URLSearchParams({
    response_type: 'code', client_id: simulator.client.id, redirect_uri: redirectUri, scope: 'openid api refresh_token', state: 'the state', nonce: 'the nonce', code_challenge: challenge, code_challenge_method: 'S256', ...more,
  });
  return `${origin}/services/oauth2/authorize?${query.toString()}`;
}

export async function newCode(simulator: Simulator, username?: string): Promise<string> {
  const callback = new URL(await simulator.approve(authorizeUrl(simulator), username === undefined ? {} : { username }));
  return callback.searchParams.get('code') ?? '';
}

/** A token request; `fields` replace or, when undefined, remove what is usual. */
export async function tokenRequest(simulator: Simulator, fields: Readonly<Record<string, string | undefined>>, origin = simulator.loginOrigin): Promise<Answer> {
  const all = { client_id: simulator.client.id, client_secret: simulator.client.secret, ...fields };
  const form = new URLSearchParams(Object.entries(all).flatMap(([name, value]): [string, string][] => (value === undefined ? [] : [[name, value]])));
  return answerOf(await fetch(`${origin}/services/oauth2/token`, { method: 'POST', body: form }));
}

export async function exchange(simulator: Simulator, code: string, more: Readonly<Record<string, string | undefined>> = {}): Promise<Answer> {
  return tokenRequest(simulator, { grant_type: 'authorization_code', code, redirect_uri: redirectUri, code_verifier: verifier, ...more });
}

export async function refresh(simulator: Simulator, refreshToken: string): Promise<Answer> {
  return tokenRequest(simulator, { grant_type: 'refresh_token', refresh_token: refreshToken });
}

export function tokensOf(answer: Answer): Tokens {
  if (answer.status !== 200) throw new Error(`No tokens: ${answer.text}`);
  return answer.body as Tokens;
}

export async function signIn(simulator: Simulator, username?: string): Promise<Tokens> {
  return tokensOf(await exchange(simulator, await newCode(simulator, username)));
}

/** A call of the org's data API at v66.0, or of a whole path. */
export async function call(simulator: Simulator, accessToken: string, path: string, init: RequestInit & { headers?: Record<string, string> } = {}): Promise<Answer> {
  const address = path.startsWith('/services') ? path : `/services/data/v66.0${path}`;
  return answerOf(await fetch(simulator.orgOrigin + address, { ...init, headers: { authorization: `Bearer ${accessToken}`, ...init.headers } }));
}

export async function query(simulator: Simulator, accessToken: string, soql: string, resource = 'query'): Promise<Answer> {
  return call(simulator, accessToken, `/${resource}?q=${encodeURIComponent(soql)}`);
}

export async function answerOf(response: Response): Promise<Answer> {
  const text = await response.text();
  const isJson = (response.headers.get('content-type') ?? '').includes('json') && text !== '';
  return { status: response.status, headers: response.headers, text, body: isJson ? JSON.parse(text) : text };
}
