import { readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Browser } from '@playwright/test';
import { secretsInMemory, until } from '@tributary/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ApiClient } from './harness/api-client.ts';
import { hasBrowser, openBrowser } from './harness/browser.ts';
import { sql } from './harness/database.ts';
import { needleOf, sightings, type Needle } from './harness/needles.ts';
import { approveInBrowser, startInBrowser } from './harness/pages.ts';
import { runStateOf, theProduct } from './harness/product.ts';
import { scanFiles, scanTables } from './harness/scan.ts';
import { harmlessVerbs, SimulatorControl } from './harness/simulator-control.ts';

const { url, postgresUrl, simulatorOrigin, dataDir, logFolder } = theProduct();
const simulator = new SimulatorControl(simulatorOrigin);

/** What belongs to the far side, or is the key store of this machine. */
const notOurs = ['simulator/', 'secrets/', 'postgres/'];
const recorded: { place: string; text: string }[] = [];
let needles: Needle[] = [];
let browser: Browser | undefined;

/** Every path of the published contract that reads, with this connection in it; a stream and the round trip of a consent are taken otherwise. */
async function readingPaths(client: ApiClient, id: string): Promise<string[]> {
  const { paths } = await client.read<{ paths: Record<string, Record<string, unknown>> }>('/api/openapi.json');
  const { runs } = await client.read<{ runs: { id: string }[] }>(`/api/connections/${id}/sync-runs`);
  const keys = (await client.get<{ keys?: { id: string }[] }>('/api/signing-keys')).body.keys ?? [];
  return Object.entries(paths).filter(([path, methods]) => 'get' in methods && path !== '/api/live' && !path.startsWith('/connect/'))
    .map(([path]) => path.replace('/api/signing-keys/{id}', `/api/signing-keys/${keys[0]?.id ?? 'none'}`).replace('{id}', id).replace('{runId}', runs[0]?.id ?? 'none').replace('{object}', 'Opportunity'));
}

/** What the stream of news says while a run goes on. */
async function listen(client: ApiClient, during: () => Promise<unknown>): Promise<void> {
  const stop = new AbortController();
  const answer = await fetch(`${url}/api/live`, { headers: { cookie: client.cookies, accept: 'text/event-stream' }, signal: stop.signal });
  const reader = answer.body?.getReader();
  const decoder = new TextDecoder();
  let text = '';
  await during();
  await until('news of the run', async () => {
    text += decoder.decode((await reader?.read())?.value, { stream: true });
    return /^data: ?\{/m.test(text);
  }, 20_000);
  stop.abort();
  recorded.push({ place: 'stream of /api/live', text });
}

/** Uses the product as a program would: every reading route, a question, one run, one refresh. @returns the client, and its connection */
async function useTheApi(): Promise<{ client: ApiClient; id: string }> {
  const client = new ApiClient(url, (path, { headers, text }) => recorded.push({ place: `answer of ${path.split('?', 1)[0] ?? ''}`, text: `${JSON.stringify([...headers])}\n${text}` }));
  const id = await client.signIn(simulator);
  await listen(client, () => client.ask('POST', `/api/connections/${id}/sync-runs`, {}));
  const paths = await readingPaths(client, id);
  expect(paths.length).toBeGreaterThan(15);
  expect(paths.filter((path) => path.includes('{'))).toEqual([]);
  for (const path of paths) await client.get(path);
  await client.ask('POST', `/api/connections/${id}/query`, { metrics: ['pipeline.open_amount'] });
  await client.ask('POST', `/api/connections/${id}/doctor`, {});
  await client.ask('POST', `/api/connections/${id}/query`, { metrics: ['nothing.such'] });
  return { client, id };
}

/** Uses it as a person does, and keeps every answer the browser got and everything it stored. */
async function useTheBrowser(opened: Browser): Promise<void> {
  const context = await opened.newContext();
  const page = await context.newPage();
  const bodies: Promise<void>[] = [];
  page.on('response', (response) => {
    if (!response.url().startsWith(url) || response.url().includes('/api/live')) return;
    const { pathname } = new URL(response.url());
    bodies.push(Promise.all([response.allHeaders(), response.text().catch(() => '')]).then(([headers, text]) => void recorded.push({ place: `page's answer of ${pathname}`, text: `${JSON.stringify(headers)}\n${text}` }), () => undefined));
  });
  await startInBrowser(page, url);
  await approveInBrowser(page, (await simulator.facts()).users[0]?.username ?? '');
  await page.waitForURL((address) => address.href.startsWith(url) && /pipeline|sync/.test(address.pathname));
  await page.getByText('Opportunity').or(page.getByText('Open pipeline')).first().waitFor();
  await page.goto(`${url}/connections`);
  await page.getByRole('heading', { name: 'Connections' }).waitFor();
  await Promise.all(bodies);
  recorded.push({ place: 'cookies and local storage', text: JSON.stringify(await context.storageState({ indexedDB: true })) });
  recorded.push({ place: 'session storage, history and page', text: await page.evaluate(() => JSON.stringify([{ ...sessionStorage }, { ...localStorage }, history.state, location.href, document.documentElement.outerHTML])) });
  await context.close();
}

beforeAll(async () => {
  // A token must have been renewed too: its successor is another secret.
  await simulator.settings({ accessTokenCalls: 25 });
  if (hasBrowser()) {
    browser = await openBrowser();
    await useTheBrowser(browser);
  }
  const { client, id } = await useTheApi();
  const before = (await simulator.tokens()).length;
  await until('a renewed token', async () => {
    await client.ask('POST', `/api/connections/${id}/sync-runs`, {});
    await sleep(500);
    return (await simulator.tokens()).length > before;
  }, 60_000);
  await simulator.settings({ accessTokenCalls: null });
  needles = (await simulator.tokens()).filter((token) => token.length >= 12).map(needleOf);
}, 180_000);

afterAll(async () => {
  await simulator.settings({ accessTokenCalls: null });
  await browser?.close();
});

describe('every secret Salesforce ever gave', () => {
  it('is known here: codes, access tokens, refresh tokens, id tokens and the secret of the app', () => {
    const kinds = ['!', '5Aep', 'aPrx', 'eyJ'].map((mark) => needles.filter(({ secret }) => secret.includes(mark)).length);
    expect(Math.min(...kinds)).toBeGreaterThan(0);
  });

  it('is in no table, the vault holds it only sealed', async () => {
    const { tables, seen } = await scanTables(postgresUrl, needles);
    expect(tables).toEqual(expect.arrayContaining(['auth.vault_entry', 'auth.outbox', 'ingest.inbox', 'gateway.session']));
    expect(tables.some((name) => /^c_[0-9a-f]{32}\.opportunity$/.test(name))).toBe(true);
    expect(seen).toEqual([]);
    expect(Number((await sql<{ count: string }>(postgresUrl, 'select count(*) from auth.vault_entry'))[0]?.count)).toBeGreaterThan(0);
  });

  it('is in no file: JetStream, DuckDB, logs, journals', async () => {
    const { files, seen } = await scanFiles(dataDir, needles, notOurs);
    expect(files).toBeGreaterThan(10);
    expect(seen).toEqual([]);
  });

  it('is in the memory of no service that has no business with it', async () => {
    const all = needles.map(({ secret }) => secret);
    const [access, refresh] = [all.filter((secret) => secret.includes('!')), all.filter((secret) => secret.startsWith('5Aep'))];
    const { processes } = runStateOf(dataDir);
    const held = async (service: string, secrets: readonly string[]): Promise<number> => (await secretsInMemory(processes[service]?.pid ?? 0, secrets)).size;
    // The search sees what is there: auth-service has both, ingest-service has the token it works with.
    expect([await held('auth-service', refresh) > 0, await held('ingest-service', access) > 0]).toEqual([true, true]);
    expect({ ingest: await held('ingest-service', refresh), gateway: await held('gateway', [...access, ...refresh]), analytics: await held('analytics-service', [...access, ...refresh]) }).toEqual({ ingest: 0, gateway: 0, analytics: 0 });
  });

  it('is in the environment of no process, nor is the key that seals them, which is in no table and no file of the services either', async () => {
    const { processes } = runStateOf(dataDir);
    const masterKey = await readFile(join(dataDir, 'secrets', 'master-key'), 'utf8').then((text) => text.trim());
    // The secret of the app may be given by the environment.
    const all = [...needles.filter(({ secret }) => /!|^5Aep|^aPrx|^eyJ/.test(secret)), needleOf(masterKey)];
    const environments = await Promise.all(Object.entries(processes).map(async ([name, { pid }]) => ({ name, text: await readFile(`/proc/${pid}/environ`, 'latin1') })));
    expect(environments.filter(({ text }) => text.includes('PATH=')).map(({ name }) => name)).toEqual(expect.arrayContaining(['auth-service', 'ingest-service', 'analytics-service', 'gateway']));
    expect(environments.flatMap(({ name, text }) => sightings(name, text, all))).toEqual([]);
    expect([(await scanTables(postgresUrl, [needleOf(masterKey)])).seen, (await scanFiles(dataDir, [needleOf(masterKey)], notOurs)).seen]).toEqual([[], []]);
  });

  it('is in no answer and nowhere in the browser', () => {
    expect(recorded.length).toBeGreaterThan(10);
    expect(recorded.flatMap(({ place, text }) => sightings(place, text, needles))).toEqual([]);
  });
});

it('whatever was done to the product so far, Salesforce was asked for nothing but to read, and for access and its end', async () => {
  const asked = await simulator.changingVerbs();
  expect(asked).toContain('POST /services/oauth2/token');
  expect(asked.filter((verb) => !harmlessVerbs.includes(verb))).toEqual([]);
});

describe('the search itself', () => {
  const someone = (): Needle => needles.find(({ secret }) => secret.startsWith('5Aep')) ?? needleOf('missing');

  it('sees a secret in each form, wherever it stands in a text', () => {
    const { secret } = someone();
    const bytes = Buffer.from(secret);
    const forms = [
      secret, secret.slice(-12), encodeURIComponent(secret), JSON.stringify({ secret }), JSON.stringify(JSON.stringify({ secret })), bytes.toString('hex'), bytes.toString('hex').toUpperCase(),
      ...['', 'a', 'ab', 'abc'].flatMap((before) => [Buffer.from(`${before}${secret}xyz`).toString('base64'), Buffer.from(`${before}${secret}xyz`).toString('base64url')]),
    ];
    expect(forms.map((form) => sightings('here', `before ${form} after`, needles).length > 0)).toEqual(forms.map(() => true));
  });

  it('sees one planted in a table, as text and as bytes', async () => {
    const { secret } = someone();
    await sql(postgresUrl, 'create table gateway.planted (id int, words text, document jsonb, bytes bytea)');
    try {
      await sql(postgresUrl, 'insert into gateway.planted values (1, $1, null, null), (2, null, $2, null), (3, null, null, $3)', [`x ${secret}`, JSON.stringify({ token: secret }), Buffer.from(secret)]);
      const { seen } = await scanTables(postgresUrl, [needleOf(secret)]);
      expect(seen.map(({ place, form }) => `${place} ${form}`)).toEqual(expect.arrayContaining(['gateway.planted plain', 'gateway.planted hex']));
    } finally {
      await sql(postgresUrl, 'drop table gateway.planted');
    }
  });

  it.each(['logs', 'nats', '.'])('sees one planted in a file of %s', async (folder) => {
    const { secret } = someone();
    const file = join(folder === 'logs' ? logFolder : join(dataDir, folder), 'planted.bin');
    await writeFile(file, Buffer.concat([Buffer.from([0, 255, 1]), Buffer.from(Buffer.from(`token=${secret}`).toString('base64url'))]));
    try {
      const { seen } = await scanFiles(dataDir, needles, notOurs);
      expect(seen.some(({ place }) => place.endsWith('planted.bin'))).toBe(true);
    } finally {
      await rm(file);
    }
  });
});
