import type { SessionList } from '@tributary/api-contracts';
import { SqlPool } from '@tributary/persistence';
import { until } from '@tributary/testing';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { connectionId, cookieOf, people, TestedGateway } from '../spec-support/gateway.harness.ts';

let gateway: TestedGateway;

beforeAll(async () => {
  gateway = await TestedGateway.start();
});

afterAll(async () => gateway?.stop());

const isAlive = async (cookie: string): Promise<boolean> => (await gateway.send('get', '/api/connections', { cookie })).status === 200;
const own = async (cookie: string) => ((await (await gateway.send('get', '/api/sessions', { cookie })).json()) as SessionList).sessions;
const sql = (text: string, values: unknown[] = []) => gateway.part(SqlPool).query(text, values);

it('carries an unguessable id that is stored only as a hash', async () => {
  const cookie = await gateway.signIn('owner');
  const id = cookie.split('=')[1] ?? '';
  expect(id).toMatch(/^[\w-]{43}$/);
  expect(JSON.stringify((await sql('select * from session')).rows)).not.toContain(id);
});

it('gets a new id at each sign-in, and the old one is dead at once', async () => {
  const first = await gateway.signIn('owner');
  const second = await gateway.signIn('owner', first);
  expect([second === first, await isAlive(first), await isAlive(second)]).toEqual([false, false, true]);
});

it('ends after thirty minutes without use and after twelve hours in any case', async () => {
  const [idle, long] = [await gateway.signIn('owner'), await gateway.signIn('owner')];
  const aged = async (cookie: string, change: string): Promise<boolean> => {
    await sql(`update session set ${change} where public_id = $1`, [(await own(cookie)).find(({ isThis }) => isThis)?.id]);
    return isAlive(cookie);
  };
  expect(await aged(idle, "last_seen_at = now() - interval '29 minutes'")).toBe(true);
  expect(await aged(idle, "last_seen_at = now() - interval '31 minutes'")).toBe(false);
  expect(await aged(long, "opened_at = now() - interval '11 hours 59 minutes'")).toBe(true);
  expect(await aged(long, "opened_at = now() - interval '12 hours 1 minute'")).toBe(false);
});

it('is listed for its own person, who ends it from another browser', async () => {
  await sql('delete from session');
  const [here, there, foreign] = [await gateway.signIn('owner'), await gateway.signIn('owner'), await gateway.signIn('stranger')];
  const mine = await own(here);
  expect(mine.map(({ proof }) => proof)).toEqual(Array.from({ length: 2 }, () => ({ methods: ['pwd', 'otp'], context: null, secondFactor: true })));
  expect(mine.map(({ browser, isThis }) => ({ browser, isThis })).toSorted((a, b) => Number(b.isThis) - Number(a.isThis))).toEqual([{ browser: 'Firefox on Linux', isThis: true }, { browser: 'Firefox on Linux', isThis: false }]);
  const other = mine.find(({ isThis }) => !isThis)?.id ?? '';
  expect((await gateway.send('delete', `/api/sessions/${other}`, { cookie: foreign })).status).toBe(404);
  expect(await isAlive(there)).toBe(true);
  expect((await gateway.send('delete', `/api/sessions/${other}`, { cookie: here })).status).toBe(204);
  expect([await isAlive(there), await isAlive(here)]).toEqual([false, true]);
});

it('ends within a second for a disabled person, open streams included', async () => {
  const [owner, viewer] = [await gateway.signIn('owner'), await gateway.signIn('viewer')];
  const stream = await gateway.send('get', '/api/live', { cookie: viewer });
  const ended = stream.text().then(() => performance.now());
  const startedAt = performance.now();
  expect((await gateway.send('put', `/api/members/${people.viewer.personId}`, { cookie: owner, body: { disabled: true } })).status).toBe(200);
  expect([await isAlive(viewer), await isAlive(owner)]).toEqual([false, true]);
  expect((await ended) - startedAt).toBeLessThan(1_000);
});

it('of a sign-in that was under way when the person was disabled does not count', async () => {
  const cookie = await gateway.signIn('viewer');
  await sql('insert into session_floor (person_id, workspace_id, valid_from) values ($1, $2, now()) on conflict (person_id) do update set valid_from = now()', [people.viewer.personId, people.viewer.workspaceId]);
  expect(await isAlive(cookie)).toBe(false);
});

it('goes on under a new id when the own rights change', async () => {
  const cookie = await gateway.signIn('owner');
  const response = await gateway.send('put', `/api/members/${people.owner.personId}`, { cookie, body: { role: 'analyst' } });
  const renewed = cookieOf(response);
  expect([await isAlive(cookie), await isAlive(renewed)]).toEqual([false, true]);
  expect(await (await gateway.send('get', '/api/session', { cookie: renewed })).json()).toMatchObject({ role: 'analyst', providers: [{ name: 'acme' }] });
});

it('needs a fresh sign-in for what cannot be undone or gives others access, and for nothing else', async () => {
  const cookie = await gateway.signIn('stale');
  const codeOf = async (method: string, path: string, body?: unknown): Promise<string | undefined> => {
    const response = await gateway.send(method, path, { cookie, ...(body === undefined ? {} : { body }) });
    return response.status === 403 ? ((await response.json()) as { code: string }).code : undefined;
  };
  const at = `/api/connections/${connectionId}`;
  const needed = [
    await codeOf('delete', `${at}?data=erase`), await codeOf('put', `${at}/sharing`, { visibility: 'workspace' }),
    await codeOf('put', `/api/members/${people.viewer.personId}`, { role: 'owner' }), await codeOf('post', '/api/invitations', { note: 'x', role: 'viewer' }),
  ];
  expect(needed).toEqual(['FRESH_SIGN_IN_NEEDED', 'FRESH_SIGN_IN_NEEDED', 'FRESH_SIGN_IN_NEEDED', 'FRESH_SIGN_IN_NEEDED']);
  expect([await codeOf('delete', `${at}?data=keep`), await codeOf('put', `${at}/sharing`, { visibility: 'private' }), await codeOf('get', '/api/members')]).toEqual([undefined, undefined, undefined]);
  await until('the same is allowed after signing in again', async () => (await gateway.send('post', '/api/invitations', { cookie: await gateway.signIn('owner', cookie), body: { note: 'x', role: 'viewer' } })).status === 503);
});
