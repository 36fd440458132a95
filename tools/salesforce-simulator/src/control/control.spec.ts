import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { startSimulator, type Simulator } from '../index.ts';
import { answerOf, authorizeUrl, call, query, refresh, signIn, tokensOf, type Answer } from '../testing/person.ts';

let simulator: Simulator;
let token: string;
beforeAll(async () => {
  simulator = await startSimulator({ size: 'empty' });
  token = (await signIn(simulator)).access_token;
});
beforeEach(() => {
  simulator.faults.clear();
  simulator.log.clear();
});
afterAll(async () => {
  await simulator.stop();
});

const limits = (): Promise<Answer> => call(simulator, token, '/limits');

describe('faults', () => {
  it('answers in place of the simulator, as often as asked', async () => {
    simulator.faults.add({ match: { path: /\/limits$/, times: 2 }, answer: { status: 503, headers: { 'Retry-After': '3' }, body: '<html>down</html>' } });
    const first = await limits();
    expect([first.status, first.text, first.headers.get('retry-after'), first.headers.get('content-type')]).toEqual([503, '<html>down</html>', '3', 'text/html;charset=UTF-8']);
    expect([(await limits()).status, (await limits()).status]).toEqual([503, 200]);
  });

  it('waits for the n-th request', async () => {
    simulator.faults.add({ match: { path: /\/limits$/, nth: 2 }, answer: { status: 406 } });
    expect([(await limits()).status, (await limits()).status, (await limits()).status]).toEqual([200, 406, 200]);
  });

  it('cuts the connection, before or within the answer', async () => {
    simulator.faults.add({ match: { path: /\/limits$/, nth: 1 }, answer: 'reset' });
    await expect(limits()).rejects.toThrow();
    simulator.faults.add({ match: { path: /\/limits$/, nth: 1 }, answer: { afterBytes: 20 } });
    await expect(limits()).rejects.toThrow();
    expect((await limits()).status).toBe(200);
  });

  it('does the work and loses the answer: the refresh token is spent', async () => {
    const { refresh_token } = await signIn(simulator);
    simulator.faults.add({ match: { grant: 'refresh_token', nth: 1 }, answer: 'lose-response' });
    await expect(refresh(simulator, refresh_token)).rejects.toThrow();
    expect((await refresh(simulator, refresh_token)).body).toMatchObject({ error_description: 'expired access/refresh token' });
  });

  it('changes an answer on its way out', async () => {
    simulator.faults.add({ match: { path: /\/limits$/, nth: 1 }, answer: { tamper: (body) => body.replaceAll('Daily', 'Nightly') } });
    expect((await limits()).body).toHaveProperty('NightlyApiRequests');
  });
});

it('logs verbs without what might be secret', async () => {
  token = (await signIn(simulator)).access_token;
  await query(simulator, token, 'SELECT Id FROM User');
  expect(simulator.log.entries().map(({ verb, status, grantType }) => [verb, status, grantType])).toEqual(expect.arrayContaining([
    ['POST /services/oauth2/token', 200, 'authorization_code'], ['GET /services/data/vXX.0/query', 200, undefined],
  ]));
  const text = JSON.stringify(simulator.log.entries());
  expect(text).not.toContain(token);
  expect(text).toContain('SELECT Id FROM User');
});

describe('over HTTP', () => {
  const control = async (method: string, path: string, body?: unknown): Promise<Answer> => answerOf(await fetch(`${simulator.loginOrigin}/__simulator${path}`, { method, ...(body === undefined ? {} : { body: JSON.stringify(body) }) }));

  it('tells who and where it is', async () => {
    expect((await control('GET', '')).body).toMatchObject({ orgOrigin: simulator.orgOrigin, users: expect.arrayContaining([expect.objectContaining({ username: simulator.users[0]?.username })]) });
  });

  it('plays the person', async () => {
    const { body } = await control('POST', '/approve', { url: authorizeUrl(simulator), deny: true });
    expect((body as { callback: string }).callback).toContain('error=access_denied');
  });

  it('sets the clock, switches, faults and data', async () => {
    await control('POST', '/clock', { set: '2026-12-01T00:00:00Z' });
    expect(simulator.clock.now().toISOString()).toBe('2026-12-01T00:00:00.000Z');
    await control('POST', '/clock', { run: true });
    token = (await signIn(simulator)).access_token;
    await control('POST', '/settings', { rotation: false });
    expect(simulator.settings.rotation).toBe(false);
    expect((await control('POST', '/settings', { rotatoin: false })).status).toBe(400);
    const { id } = (await control('POST', '/org', { do: 'insert', object: 'Account', fields: { Name: 'By HTTP' } })).body as { id: string };
    await control('POST', '/org', { do: 'update', object: 'Account', id, fields: { Name: 'Changed' } });
    expect((await control('GET', `/org/record?object=Account&id=${id}`)).body).toMatchObject({ Name: 'Changed' });
    await control('POST', '/faults', { match: { path: '/limits$' }, answer: { replace: 'Max', with: 'Most' } });
    expect((await limits()).text).toContain('"Most"');
    await control('DELETE', '/faults');
    expect((await limits()).text).not.toContain('"Most"');
    await control('POST', '/settings', { rotation: true });
  });
});

describe('a state file', () => {
  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'simulator-'));
  });
  afterAll(async () => {
    await rm(folder, { recursive: true });
  });

  it('keeps grants, sessions, keys and changes over a restart, and makes the rest again', async () => {
    const stateFile = join(folder, 'state.json');
    const first = await startSimulator({ size: 'small', seed: 3, stateFile });
    const tokens = await signIn(first);
    const deals = first.org.rows('Opportunity');
    const [changed, purged] = [String(deals[0]?.['Id']), String(deals[1]?.['Id'])];
    first.org.update('Opportunity', changed, { Amount: 4_242 });
    first.org.purge('Opportunity', purged);
    const added = first.org.insert('Account', { Name: 'Kept' });
    const untouched = first.org.find('Opportunity', String(deals[2]?.['Id']));
    await first.stop();
    expect((await readFile(stateFile, 'utf8')).length).toBeLessThan(100_000);

    const second = await startSimulator({ stateFile });
    expect(second.org.find('Opportunity', changed)?.['Amount']).toBe(4_242);
    expect(second.org.find('Opportunity', purged)).toBeUndefined();
    expect(second.org.find('Account', added)?.['Name']).toBe('Kept');
    expect(second.org.find('Opportunity', String(deals[2]?.['Id']))).toEqual(untouched);
    expect(second.org.insert('Account', { Name: 'Next' })).not.toBe(added);
    expect((await call(second, tokens.access_token, '/limits')).status).toBe(200);
    tokensOf(await refresh(second, tokens.refresh_token));
    await second.stop();
  });
});
