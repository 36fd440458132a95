import { createServer } from 'node:net';
import { once } from 'node:events';
import { startProduct } from '@tributary/launcher';
import { describe, expect, it } from 'vitest';
import { ApiClient, type ApiAnswer } from './harness/api-client.ts';
import { hasBrowser, openBrowser } from './harness/browser.ts';
import { aDataFolder } from './harness/data-folder.ts';
import { logInAs, startInBrowser } from './harness/pages.ts';
import { theProduct } from './harness/product.ts';
import { SimulatorControl } from './harness/simulator-control.ts';

const { url, simulatorOrigin } = theProduct();
const simulator = new SimulatorControl(simulatorOrigin);
const local = (address: string): string => address.slice(new URL(address).origin.length);
const failedWith = (code: string) => expect.stringMatching(new RegExp(`/connect/failed\\?code=${code}&ref=[0-9a-f-]{36}$`));

/** A consent up to the moment before the callback. */
async function approved(client: ApiClient, path?: string): Promise<string> {
  return local(await simulator.approve(await client.startConsent(undefined, path)));
}

function ending({ status, headers }: ApiAnswer<unknown>): [number, string | null] {
  return [status, headers.get('location')];
}

async function isSignedIn(client: ApiClient): Promise<boolean> {
  return (await client.read<{ signedIn: boolean }>('/api/session')).signedIn;
}

describe('a consent', () => {
  it('that is denied ends at a page that says so, with nothing stored', async () => {
    const client = new ApiClient(url);
    const callback = await simulator.approve(await client.startConsent(), { deny: true });
    expect(ending(await client.get(local(callback)))).toEqual([303, failedWith('CONSENT_DENIED')]);
    expect(await isSignedIn(client)).toBe(false);
  });

  it('with a forged state is refused', async () => {
    const client = new ApiClient(url);
    const callback = new URL(await approved(client), url);
    callback.searchParams.set('state', 'A'.repeat(43));
    expect(ending(await client.get(callback.pathname + callback.search))).toEqual([303, failedWith('STATE_UNKNOWN')]);
    expect(await isSignedIn(client)).toBe(false);
  });

  it('counts once: a callback that is played again is refused, and the session it made stays', async () => {
    const client = new ApiClient(url);
    const callback = await approved(client);
    expect((await client.get(callback)).status).toBe(303);
    expect(await isSignedIn(client)).toBe(true);
    expect(ending(await client.get(callback))).toEqual([303, failedWith('(STATE_UNKNOWN|BROWSER_DIFFERENT)')]);
    expect(await isSignedIn(client)).toBe(true);
  });

  it('finished in another browser than it was started in is refused there, and cannot be finished afterwards by the thief', async () => {
    const victim = new ApiClient(url);
    const thief = new ApiClient(url);
    const callback = await approved(victim);
    expect(ending(await thief.get(callback))).toEqual([303, failedWith('(BROWSER_DIFFERENT|STATE_UNKNOWN)')]);
    expect(await isSignedIn(thief)).toBe(false);
  });

  it.each([
    ['without code', (callback: URL) => callback.searchParams.delete('code')],
    ['with a code of somebody else', (callback: URL) => callback.searchParams.set('code', 'aPrxFORGED==')],
    ['with two codes', (callback: URL) => callback.searchParams.append('code', 'aPrxFORGED==')],
  ])('%s ends at the failure page', async (_name, change) => {
    const client = new ApiClient(url);
    const callback = new URL(await approved(client), url);
    change(callback);
    expect(ending(await client.get(callback.pathname + callback.search))).toEqual([303, failedWith('[A-Z_]+')]);
    expect(await isSignedIn(client)).toBe(false);
  });

  it.each(['https://evil.example', 'https://login.salesforce.com.evil.example', 'https://login.salesforce.com@evil.example', 'http://login.salesforce.com', 'http://169.254.169.254', 'http://127.0.0.1:1', 'javascript:alert(1)'])('is not started at %s', async (login) => {
    const { status, headers } = await new ApiClient(url).get(`/connect/salesforce?${new URLSearchParams({ login }).toString()}`);
    expect([status, headers.get('location')]).toEqual([303, failedWith('HOST_NOT_ALLOWED')]);
  });

  it.each(['https://evil.example/', '//evil.example', '/\\evil.example', '/%2f%2fevil.example', 'javascript:alert(1)', '/connections/../../evil'])('never ends elsewhere: return=%s', async (path) => {
    const client = new ApiClient(url);
    const { headers } = await client.get(await approved(client, path));
    expect(headers.get('location')).toBe('/');
  });

  it('ends at the page it was started from', async () => {
    const client = new ApiClient(url);
    const { headers } = await client.get(await approved(client, '/connections'));
    expect(headers.get('location')).toBe('/connections');
  });

  it.skipIf(!hasBrowser())('that is denied is explained to the person, who can try again', async () => {
    const browser = await openBrowser();
    try {
      const page = await browser.newPage();
      await startInBrowser(page, url);
      await logInAs(page, (await simulator.facts()).users.at(-1)?.username ?? '');
      await page.getByRole('button', { name: 'Deny' }).click();
      await page.getByText('The connection was not made').first().waitFor();
      await page.getByText('CONSENT_DENIED').first().waitFor();
      await page.getByRole('link', { name: 'Try again' }).or(page.getByRole('button', { name: 'Try again' })).first().waitFor();
    } finally {
      await browser.close();
    }
  });
});

describe('somebody else', () => {
  it('does not see a connection, nor that it exists', async () => {
    const [first, second] = (await simulator.facts()).users;
    const [one, other] = [new ApiClient(url), new ApiClient(url)];
    const mine = await one.signIn(simulator, first?.username);
    await other.syncRarely(await other.signIn(simulator, second?.username));
    const unknown = '0199aa00-0000-7000-8000-000000000001';
    for (const path of ['', '/objects', '/sync-runs', '/records/Account']) {
      const [theirs, nobodys] = await Promise.all([other.get<{ code: string }>(`/api/connections/${mine}${path}`), other.get<{ code: string }>(`/api/connections/${unknown}${path}`)]);
      expect([path, theirs.status, theirs.body.code]).toEqual([path, 404, nobodys.body.code]);
    }
    expect((await other.ask('POST', `/api/connections/${mine}/query`, { metrics: ['pipeline.open_amount'] })).status).toBe(404);
    expect((await other.ask('DELETE', `/api/connections/${mine}?data=erase`)).status).toBe(404);
    expect((await one.get(`/api/connections/${mine}`)).status).toBe(200);
  });

  it('cannot make up a session', async () => {
    const client = new ApiClient(url);
    for (const cookie of ['tributary-sid=', `tributary-sid=${'A'.repeat(43)}`, "tributary-sid=' or 1=1 --", `__Host-sid=${'B'.repeat(43)}`]) {
      expect((await client.ask('GET', '/api/connections', undefined, { cookie })).status).toBe(401);
    }
  });

  it('cannot pretend to be a person by the header the services use among themselves', async () => {
    const client = new ApiClient(url);
    const { headers } = await client.ask('GET', '/api/connections', undefined, { 'x-tributary-person': '0199aa00-0000-7000-8000-000000000001' });
    expect(headers.get('content-type')).toMatch(/problem/);
  });
});

describe('another site', () => {
  it.each([
    ['by its origin', { origin: 'https://evil.example' }],
    ['by its origin, which is no name', { origin: 'null' }],
    ['by what the browser says of it', { 'sec-fetch-site': 'cross-site' }],
    ['even a neighbour on the same machine', { 'sec-fetch-site': 'same-site' }],
  ])('cannot change anything, recognised %s', async (_name, headers) => {
    const client = new ApiClient(url);
    const id = await client.signIn(simulator);
    const refused = await Promise.all([
      client.ask<{ code: string }>('POST', `/api/connections/${id}/sync-runs`, {}, headers), client.ask<{ code: string }>('DELETE', '/api/session', undefined, headers), client.ask<{ code: string }>('DELETE', `/api/connections/${id}?data=erase`, undefined, headers),
    ]);
    expect(refused.map(({ status, body }) => [status, body.code])).toEqual(refused.map(() => [403, 'CROSS_SITE_REQUEST']));
    expect(await isSignedIn(client)).toBe(true);
  });

  it('cannot send a form in place of JSON', async () => {
    const client = new ApiClient(url);
    const id = await client.signIn(simulator);
    const answer = await fetch(`${url}/api/connections/${id}/query`, { method: 'POST', headers: { cookie: client.cookies, 'content-type': 'text/plain' }, body: '{"metrics":["pipeline.open_amount"]}' });
    expect(answer.status).toBe(400);
  });

  it.skipIf(!hasBrowser())('has no way in through a real browser that is signed in', async () => {
    const browser = await openBrowser();
    try {
      const context = await browser.newContext();
      const client = new ApiClient(url);
      const id = await client.signIn(simulator);
      await context.addCookies(client.cookies.split('; ').map((pair) => ({ name: pair.slice(0, pair.indexOf('=')), value: pair.slice(pair.indexOf('=') + 1), url, sameSite: 'Lax' as const })));
      const page = await context.newPage();
      await page.goto(`${simulatorOrigin}/.well-known/openid-configuration`);
      const outcome = await page.evaluate(async ({ address }) => {
        const tries = [{ method: 'POST', headers: { 'content-type': 'text/plain' }, body: '{}' }, { method: 'DELETE' }];
        return Promise.all(tries.map((init) => fetch(address, { ...init, credentials: 'include', mode: init.method === 'POST' ? 'no-cors' : 'cors' }).then(({ type }) => type, () => 'refused')));
      }, { address: `${url}/api/connections/${id}/sync-runs` });
      expect(outcome).not.toContain('cors');
      expect(await isSignedIn(client)).toBe(true);
    } finally {
      await browser.close();
    }
  });
});

describe('a wrong configuration', () => {
  /** Starts with wrong variables and gives the sentence it ends with. */
  async function refusal(env: Record<string, string>): Promise<string> {
    const folder = await aDataFolder();
    try {
      const product = await startProduct({ dataDir: folder.path, env: { NODE_ENV: 'development', ...env } });
      await product.stop();
      return 'it started';
    } catch (error) {
      return error instanceof Error ? error.message : String(error);
    } finally {
      await folder.remove();
    }
  }

  it.each([
    ['TRIBUTARY_PORT', { TRIBUTARY_PORT: 'hunter2' }],
    ['DATABASE_URL', { DATABASE_URL: 'mysql://hunter2@db' }],
    ['WAREHOUSE_URL', { WAREHOUSE_URL: 'hunter2' }],
    ['NATS_URL', { NATS_URL: 'http://hunter2' }],
    ['TRIBUTARY_PUBLIC_URL', { TRIBUTARY_PUBLIC_URL: 'hunter2' }],
    ['TRIBUTARY_MASTER_KEY', { NODE_ENV: 'production' }],
    ['SALESFORCE_CLIENT_ID', { NODE_ENV: 'production', TRIBUTARY_MASTER_KEY: 'aHVudGVyMg==' }],
    ['SALESFORCE_CLIENT_ID', { SALESFORCE_LOGIN_URL: 'https://hunter2.my.salesforce.com' }],
    ['SALESFORCE_CLIENT_SECRET_FILE', { SALESFORCE_CLIENT_ID: 'x', SALESFORCE_CLIENT_SECRET_FILE: '/does/not/exist' }],
  ])('ends the start with a sentence that names %s and no value', async (name, env) => {
    const sentence = await refusal(env);
    expect(sentence).toContain(name);
    expect(sentence).not.toContain('hunter2');
    expect(sentence).not.toMatch(/\n\s+at /);
  });

  it('names the port that another program holds', async () => {
    const holder = createServer().listen(0, '127.0.0.1');
    await once(holder, 'listening');
    const address = holder.address();
    const port = String(typeof address === 'object' && address !== null ? address.port : 0);
    expect(await refusal({ TRIBUTARY_PORT: port })).toMatch(new RegExp(`Port ${port} is used by another program`));
    holder.close();
  });
});
