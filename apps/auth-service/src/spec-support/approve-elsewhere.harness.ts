import { createHash, randomBytes } from 'node:crypto';
import type { Simulator } from '@tributary/salesforce-simulator';
import { redirectUri } from './auth-service.harness.ts';

/** Approves the app for a user as another installation of it would: that grant is unknown here. @returns its tokens */
export async function approveElsewhere({ client, loginOrigin, approve }: Simulator, username: string): Promise<{ readonly access_token: string; readonly refresh_token: string }> {
  const verifier = randomBytes(32).toString('base64url');
  const query = { response_type: 'code', client_id: client.id, redirect_uri: redirectUri, scope: 'openid api refresh_token', state: 's'.repeat(32), code_challenge: createHash('sha256').update(verifier).digest('base64url'), code_challenge_method: 'S256' };
  const callback = new URL(await approve(`${loginOrigin}/services/oauth2/authorize?${new URLSearchParams(query)}`, { username }));
  const answer = await fetch(`${loginOrigin}/services/oauth2/token`, { method: 'POST', body: new URLSearchParams({ grant_type: 'authorization_code', code: callback.searchParams.get('code') ?? '', client_id: client.id, client_secret: client.secret, redirect_uri: redirectUri, code_verifier: verifier }) });
  if (answer.status !== 200) throw new Error(`the approval ended with ${answer.status}`);
  return (await answer.json()) as { access_token: string; refresh_token: string };
}
