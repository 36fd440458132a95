import { afterAll, beforeAll, expect, it } from 'vitest';
import { SqlPool } from '@tributary/persistence';
import { TestedGateway } from '../spec-support/gateway.harness.ts';

// Behind a proxy that ends TLS: what the browser is told depends on the public address.
let gateway: TestedGateway;

beforeAll(async () => {
  gateway = await TestedGateway.start({ NODE_ENV: 'production', TRIBUTARY_PUBLIC_URL: 'https://tributary.example', TRIBUTARY_TRUSTED_PROXIES: '1' });
});

afterAll(async () => gateway?.stop());

/** Directives of the policy by name, the nonce left out. */
function policyOf({ headers }: Response): Readonly<Record<string, string>> {
  return Object.fromEntries((headers.get('content-security-policy') ?? '').split(';').map((directive) => directive.trim().replace(/'nonce-[\w+/=]+'/, "'nonce-…'")).map((directive) => [directive.split(' ', 1)[0] ?? '', directive.slice(directive.indexOf(' ') + 1)]));
}

it.each(['/', '/api/session', '/api/nothing', '/connect/failed', '/health/live'])('of %s isolate the page, keep it out of frames and caches, and ask for TLS for two years', async (path) => {
  const response = await gateway.get(path);
  expect(policyOf(response)).toMatchObject({ 'default-src': "'none'", 'script-src': "'self' 'strict-dynamic' 'nonce-…'", 'require-trusted-types-for': "'script'", 'trusted-types': 'vue default', 'report-to': 'violations', 'report-uri': '/reports/violations', 'object-src': "'none'", 'base-uri': "'none'", 'frame-ancestors': "'none'", 'connect-src': "'self'" });
  expect(response.headers.get('reporting-endpoints')).toBe('violations="/reports/violations"');
  expect(policyOf(response)['form-action']).toBe("'self' https://login.salesforce.com");
  expect(Object.fromEntries(['strict-transport-security', 'x-content-type-options', 'referrer-policy', 'cross-origin-opener-policy', 'cross-origin-resource-policy', 'x-frame-options', 'cache-control'].map((name) => [name, response.headers.get(name)]))).toEqual({
    'strict-transport-security': 'max-age=63072000; includeSubDomains', 'x-content-type-options': 'nosniff', 'referrer-policy': 'no-referrer', 'cross-origin-opener-policy': 'same-origin', 'cross-origin-resource-policy': 'same-origin', 'x-frame-options': 'DENY', 'cache-control': 'no-store',
  });
  expect(response.headers.get('permissions-policy')).toMatch(/camera=\(\).*geolocation=\(\)/);
});

it('give each page a nonce of its own', async () => {
  const nonces = await Promise.all(Array.from({ length: 20 }, async () => /'nonce-([^']+)'/.exec((await gateway.get('/')).headers.get('content-security-policy') ?? '')?.[1]));
  expect(new Set(nonces).size).toBe(20);
});

it('keep the session in a cookie that only this host and no script can set or read, hashed where it is stored, and clear what the browser keeps at the sign-out', async () => {
  const signedIn = await gateway.get('/connect/salesforce/callback?state=y&code=owner');
  const [set = ''] = signedIn.headers.getSetCookie();
  const [, id = ''] = /^__Host-sid=([\w-]{43}); Path=\/; HttpOnly; SameSite=Lax; Max-Age=43200; Secure$/.exec(set) ?? [];
  expect([id.length, /domain/i.test(set)]).toEqual([43, false]);
  expect(JSON.stringify((await gateway.part(SqlPool).query('select * from session')).rows)).not.toContain(id);
  const ended = await gateway.send('delete', '/api/session', { cookie: `__Host-sid=${id}` });
  expect([ended.status, ended.headers.get('clear-site-data'), ended.headers.getSetCookie()]).toEqual([204, '"cache", "storage"', ['__Host-sid=; Path=/; HttpOnly; SameSite=Lax; Max-Age=0; Secure']]);
  expect((await gateway.send('get', '/api/connections', { cookie: `__Host-sid=${id}` })).status).toBe(401);
});
