import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { previewInvitation } from '@tributary/api-contracts';
import { SqlPool } from '@tributary/persistence';
import { TestedGateway } from '../spec-support/gateway.harness.ts';
import { limits, RateLimits } from './rate-limits.ts';

let gateway: TestedGateway;

beforeAll(async () => {
  gateway = await TestedGateway.start({ NODE_ENV: 'production', TRIBUTARY_TRUSTED_PROXIES: '1' });
});

afterAll(async () => gateway?.stop());

let last = 0;
let address = '';
beforeEach(() => {
  last += 1;
  address = `203.0.113.${last}`;
  gateway.signsIn = true;
});

const from = (path: string, more: Record<string, string> = {}) => gateway.get(path, { 'x-forwarded-for': address, ...more });
const start = () => from('/connect/salesforce');
const finish = (code = 'owner') => from(`/connect/salesforce/callback?state=y&code=${code}`);

it('refuses the eleventh start in a minute that nobody finished, with the time to wait', async () => {
  for (let turn = 0; turn < limits.unfinishedStarts; turn += 1) expect((await start()).status).toBe(303);
  const refused = await start();
  expect(refused.status).toBe(429);
  expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0);
  expect(await refused.json()).toMatchObject({ code: 'TOO_MANY_ATTEMPTS', status: 429 });
  const page = await from('/connect/salesforce', { accept: 'text/html,*/*' });
  expect([page.status, page.headers.get('location')?.startsWith('/connect/failed?code=TOO_MANY_ATTEMPTS')]).toEqual([303, true]);
  address = '203.0.113.250';
  expect((await start()).status).toBe(303);
});

it('never refuses sign-ins that are finished, however many come from one address', async () => {
  for (let turn = 0; turn < 25; turn += 1) expect([(await start()).status, (await finish()).headers.getSetCookie().length]).toEqual([303, 1]);
});

it('refuses the sixth callback that signs nobody in', async () => {
  gateway.signsIn = false;
  for (let turn = 0; turn < limits.failedCallbacks; turn += 1) expect((await finish()).status).toBe(303);
  expect((await finish()).status).toBe(429);
});

it('counts tickets that open nothing as well', async () => {
  const redeem = () => fetch(`${gateway.origin}/api/session`, { method: 'POST', headers: { 'x-forwarded-for': address, 'content-type': 'application/json' }, body: JSON.stringify({ ticket: 'a-ticket-that-nobody-made' }) });
  for (let turn = 0; turn < limits.failedCallbacks; turn += 1) expect((await redeem()).status).toBe(401);
  expect((await redeem()).status).toBe(429);
});

it('counts tokens of invitations that nobody made as well', async () => {
  const guess = () => fetch(`${gateway.origin}/api/invitation-preview`, { method: 'POST', headers: { 'x-forwarded-for': address, 'content-type': 'application/json' }, body: JSON.stringify({ invitation: 'g'.repeat(43) }) });
  for (let turn = 0; turn < limits.failedCallbacks; turn += 1) expect((await guess()).status).toBe(404);
  expect((await guess()).status).toBe(429);
  expect(gateway.asked.filter(({ subject }) => subject === previewInvitation.subject)).toHaveLength(limits.failedCallbacks);
});

it('counts a whole IPv6 network as one', async () => {
  for (let turn = 0; turn < limits.unfinishedStarts; turn += 1) {
    address = `2001:db8:1:2::${turn}`;
    expect((await start()).status).toBe(303);
  }
  address = '2001:db8:1:2:ffff::1';
  expect((await start()).status).toBe(429);
  address = '2001:db8:1:3::1';
  expect((await start()).status).toBe(303);
});

it('takes nobody’s word for an address but that of the proxy in front', async () => {
  const spoofed = (turn: number) => gateway.get('/connect/salesforce', { 'x-forwarded-for': `198.51.100.${turn}, ${address}` });
  for (let turn = 0; turn < limits.unfinishedStarts; turn += 1) expect((await spoofed(turn)).status).toBe(303);
  expect((await spoofed(99)).status).toBe(429);
});

it('bounds the calls of one person over all replicas and leaves others alone', async () => {
  const [busy, other] = [{ personId: '0199aa00-0000-7000-8000-0000000000c1', workspaceId: '0199aa00-0000-7000-8000-0000000000c0' }, { personId: '0199aa00-0000-7000-8000-0000000000c2', workspaceId: '0199aa00-0000-7000-8000-0000000000c0' }];
  const replica = new RateLimits(gateway.part(SqlPool), { production: true });
  const here = gateway.part(RateLimits);
  for (let turn = 0; turn < limits.callsOfPerson / 50; turn += 1) await Promise.all(Array.from({ length: 50 }, (_, call) => (call % 2 === 0 ? here : replica).countCall(busy)));
  await expect(here.countCall(busy)).rejects.toMatchObject({ code: 'TOO_MANY_REQUESTS', kind: 'rate-limited' });
  await expect(replica.countCall(busy)).rejects.toMatchObject({ code: 'TOO_MANY_REQUESTS' });
  await here.countCall(other);
});
