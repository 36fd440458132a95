import type { HostKind, HttpRequest } from '../http/request.ts';
import type { World } from './world.ts';

/** A checked authorization request. */
export interface AuthorizeRequest {
  readonly redirectUri: string;
  readonly scope: string;
  readonly state: string | undefined;
  readonly challenge: string | undefined;
  readonly nonce: string | undefined;
  readonly prompt: readonly string[];
  readonly immediate: boolean;
  readonly loginHint: string | undefined;
  readonly host: HostKind;
}

export type CheckedRequest =
  | { readonly kind: 'ok'; readonly request: AuthorizeRequest }
  /** Told to the person on a page: where the answer should go is not sure. */
  | { readonly kind: 'page'; readonly error: string; readonly description: string }
  | { readonly kind: 'redirect'; readonly location: string };

export function checkAuthorizeRequest({ app, settings }: World, { query, host }: HttpRequest): CheckedRequest {
  if (query.get('client_id') !== app.clientId) return { kind: 'page', error: 'invalid_client_id', description: 'client identifier invalid' };
  const redirectUri = query.get('redirect_uri') ?? '';
  if (!app.redirectUris.includes(redirectUri)) return { kind: 'page', error: 'redirect_uri_mismatch', description: 'redirect_uri must match configuration' };
  const state = query.get('state') ?? undefined;
  const refuse = (error: string, description: string): CheckedRequest => ({ kind: 'redirect', location: errorLocation({ redirectUri, state }, error, description) });
  if (query.get('response_type') !== 'code') return refuse('unsupported_response_type', 'response_type must be code');
  const challenge = query.get('code_challenge') || undefined;
  if (challenge === undefined && settings.pkceRequired) return refuse('invalid_request', 'missing required code challenge');
  if (challenge !== undefined && ((query.get('code_challenge_method') ?? 'S256') !== 'S256' || !/^[\w-]{43}$/.test(challenge))) return refuse('invalid_request', 'invalid code challenge');
  const scopes = (query.get('scope') ?? settings.scopes.join(' ')).split(/\s+/).filter((scope) => scope !== '');
  if (scopes.some((scope) => !settings.scopes.includes(scope))) return refuse('invalid_scope', 'the requested scope is invalid, unknown, or malformed');
  return {
    kind: 'ok',
    request: {
      redirectUri, state, challenge, host, scope: grantedScope(scopes), nonce: query.get('nonce') ?? undefined, prompt: (query.get('prompt') ?? '').split(/\s+/),
      immediate: query.get('immediate') === 'true' || query.get('prompt') === 'none', loginHint: query.get('login_hint') ?? undefined,
    },
  };
}

/** Salesforce answers with its own order, and with `id` beside `api`. */
function grantedScope(scopes: readonly string[]): string {
  const granted = new Set(scopes);
  if (granted.has('api')) granted.add('id');
  return ['refresh_token', 'offline_access', 'web', 'api', 'id', 'openid'].filter((scope) => granted.delete(scope)).concat([...granted]).join(' ');
}

/** Where the browser is sent with an error. */
export function errorLocation({ redirectUri, state }: { redirectUri: string; state: string | undefined }, error: string, description: string): string {
  return withQuery(redirectUri, { error, error_description: description, ...(state === undefined ? {} : { state }) });
}

export function withQuery(address: string, values: Readonly<Record<string, string>>): string {
  return address + (address.includes('?') ? '&' : '?') + new URLSearchParams(values).toString();
}
