import { createHash, createHmac } from 'node:crypto';
import { json, type Reply } from '../http/reply.ts';
import type { HostKind } from '../http/request.ts';
import type { AccessToken } from './token-store.ts';
import { identityUrl, type World } from './world.ts';

/** The answer of a token request: no `expires_in`, `issued_at` as text in milliseconds, `signature` over `id` and `issued_at`. */
export async function tokenAnswer(world: World, access: AccessToken, more: { refreshToken?: string; nonce?: string | undefined; idTokenHost?: HostKind }): Promise<Reply> {
  const id = identityUrl(world, access.host, access.userId);
  const issuedAt = String(access.issuedAtMs);
  const signature = createHmac('sha256', world.app.secrets[0] ?? '').update(id + issuedAt).digest('base64');
  return json(200, {
    access_token: access.token,
    ...(more.refreshToken === undefined ? {} : { refresh_token: more.refreshToken }),
    signature,
    scope: access.scope,
    ...(more.idTokenHost === undefined ? {} : { id_token: await idToken(world, access, id, more.idTokenHost, more.nonce) }),
    instance_url: instanceUrl(world),
    id,
    token_type: 'Bearer',
    issued_at: issuedAt,
  }, { 'cache-control': 'no-store' });
}

export function instanceUrl(world: World): string {
  return world.settings.instanceUrl ?? world.origin('org');
}

async function idToken(world: World, access: AccessToken, sub: string, host: HostKind, nonce: string | undefined): Promise<string> {
  const at = Math.floor((world.settings.idTokenClock === 'machine' ? Date.now() : world.clock.now().getTime()) / 1000);
  const atHash = createHash('sha256').update(access.token).digest().subarray(0, 16).toString('base64url');
  const token = await world.signingKey.signIdToken({ iss: world.origin(host), sub, aud: world.app.clientId, at_hash: atHash, ...(nonce === undefined ? {} : { nonce }) }, at);
  world.tokens.remember(token);
  return token;
}
