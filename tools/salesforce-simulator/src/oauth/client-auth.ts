import { timingSafeEqual } from 'node:crypto';
import type { HttpRequest } from '../http/request.ts';
import { OAuthError } from './oauth-error.ts';
import { verifyAssertion } from './assertion.ts';
import type { World } from './world.ts';

const clientAssertionType = 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer';

/**
 * Checks the app's own credentials: in the body, as Basic, or as a signed assertion.
 * @throws OAuthError `invalid_client_id`, `invalid_client`
 */
export async function requireClient(world: World, request: HttpRequest): Promise<void> {
  const form = request.form();
  const { app, settings } = world;
  if (form.get('client_assertion_type') === clientAssertionType) {
    const claims = await verifyAssertion(world, form.get('client_assertion') ?? '').catch(() => undefined);
    if (claims?.iss !== app.clientId) throw new OAuthError('invalid_client', 'invalid client credentials');
    return;
  }
  const { id, secret } = presented(request);
  if (id !== app.clientId) throw new OAuthError('invalid_client_id', 'client identifier invalid');
  if (secret === undefined && !settings.secretRequired) return;
  if (!app.secrets.some((known) => same(known, secret ?? ''))) throw new OAuthError('invalid_client', 'invalid client credentials');
}

function presented(request: HttpRequest): { id: string | null; secret: string | undefined } {
  const basic = /^Basic (.+)$/i.exec(request.headers['authorization'] ?? '');
  if (basic !== null) {
    const [id = '', secret = ''] = Buffer.from(basic[1] ?? '', 'base64').toString('utf8').split(':', 2);
    return { id: decodeURIComponent(id), secret: decodeURIComponent(secret) };
  }
  const form = request.form();
  return { id: form.get('client_id'), secret: form.get('client_secret') ?? undefined };
}

function same(left: string, right: string): boolean {
  const a = Buffer.from(left);
  const b = Buffer.from(right);
  return a.length === b.length && timingSafeEqual(a, b);
}
