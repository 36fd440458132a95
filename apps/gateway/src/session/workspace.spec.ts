import { Session } from '@tributary/api-contracts';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { TestedGateway } from '../spec-support/gateway.harness.ts';

let gateway: TestedGateway;

beforeAll(async () => {
  gateway = await TestedGateway.start();
});

afterAll(async () => gateway?.stop());

async function nameFor(cookie: string): Promise<string | undefined> {
  const session = Session.parse(await (await gateway.get('/api/session', { cookie })).json());
  return session.signedIn ? session.workspace.name : undefined;
}

it('is called as at the sign-in while auth-service is away, and as it is called now otherwise', async () => {
  const cookie = await gateway.signIn('owner');
  expect(await nameFor(cookie)).toBe('Acme');
  gateway.workspaceName = 'Acme Corporation';
  expect(await nameFor(cookie)).toBe('Acme Corporation');
});

it('is renamed, and every session sees it', async () => {
  const [cookie, other] = [await gateway.signIn('owner'), await gateway.signIn('viewer')];
  const renamed = await gateway.send('put', '/api/workspace', { cookie, body: { name: '  Sales ' } });
  expect([renamed.status, await renamed.json()]).toEqual([200, expect.objectContaining({ name: 'Sales' })]);
  expect([await nameFor(cookie), await nameFor(other)]).toEqual(['Sales', 'Sales']);
});

it.each([[{ name: 'two\nlines' }], [{ name: 'x'.repeat(81) }], [{ name: ' ' }], [{}], [{ name: 'Acme', orgId: 'x' }]])('%j is refused before a service is asked', async (body) => {
  const cookie = await gateway.signIn('owner');
  gateway.asked.length = 0;
  expect((await gateway.send('put', '/api/workspace', { cookie, body })).status).toBe(400);
  expect(gateway.asked).toEqual([]);
});
