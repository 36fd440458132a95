import { generateKeyPairSync } from 'node:crypto';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { startSimulator, type Simulator } from '../index.ts';

let simulator: Simulator;
beforeAll(async () => {
  simulator = await startSimulator({ size: 'empty' });
});
afterAll(async () => {
  await simulator.stop();
});

const aKey = () => generateKeyPairSync('rsa', { modulusLength: 2048 });
const pemOf = ({ publicKey }: ReturnType<typeof aKey>): string => publicKey.export({ type: 'spki', format: 'pem' }).toString();
const upload = (fields: Record<string, string>): Promise<Response> => fetch(`${simulator.loginOrigin}/setup/app/certificate`, { method: 'POST', body: new URLSearchParams(fields) });

it('shows the app with its consumer key and takes a certificate, which replaces the one before', async () => {
  const page = await (await fetch(`${simulator.loginOrigin}/setup/app`)).text();
  expect(page).toContain(simulator.client.id);
  expect(page).toContain('No certificate is uploaded.');
  expect((await upload({ certificate: pemOf(aKey()) })).status).toBe(200);
  expect((await upload({ certificate: pemOf(aKey()) })).status).toBe(200);
  expect(simulator.app.certificates()).toHaveLength(1);
  await upload({ certificate: pemOf(aKey()), mode: 'add' });
  expect(simulator.app.certificates()).toHaveLength(2);
});

it.each([
  ['a private key', () => aKey().privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(), 'private key'],
  ['something else', () => 'hello', 'no X.509 certificate'],
  ['a large text', () => 'x'.repeat(5_000), 'larger than 4 KB'],
])('refuses %s and says why', async (_what, text, said) => {
  const before = simulator.app.certificates();
  const answer = await upload({ certificate: text() });
  expect([answer.status, await answer.text()]).toEqual([400, expect.stringContaining(said)]);
  expect(simulator.app.certificates()).toEqual(before);
});

it('pre-authorises users', async () => {
  const username = simulator.users[1]?.username ?? '';
  await fetch(`${simulator.loginOrigin}/setup/app/users`, { method: 'POST', body: new URLSearchParams({ user: username, adminApproved: 'yes' }) });
  expect(simulator.settings).toMatchObject({ preauthorisedUsers: [username], permittedUsers: 'admin-approved' });
});
