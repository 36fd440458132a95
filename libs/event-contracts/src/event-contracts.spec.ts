import { expect, it } from 'vitest';
import { allEvents, busPermissions, ConnectionId, OrgId, tokenReady } from './index.ts';

const connectionId = ConnectionId.parse('0199aa00-0000-7000-8000-000000000001');
const orgId = OrgId.parse('00DXX0000001abcEAA');

it('builds an envelope that its own schema accepts and that names its cause', () => {
  const first = tokenReady.create({ connectionId, orgId, epoch: 1, flow: 'refresh-token' });
  const second = tokenReady.create({ connectionId, orgId, epoch: 2, flow: 'refresh-token' }, { causedBy: first });
  expect(tokenReady.schema.parse(JSON.parse(JSON.stringify(second)))).toEqual(second);
  expect(second).toMatchObject({ causationid: first.id, correlationid: first.correlationid, source: '/tributary/auth' });
  expect(tokenReady.subject(connectionId)).toBe(`tributary.auth.token.ready.v1.${connectionId}`);
});

it('refuses members that the contract does not name, in the envelope and in the data', () => {
  const event = tokenReady.create({ connectionId, orgId, epoch: 1, flow: 'refresh-token' });
  expect(tokenReady.schema.safeParse({ ...event, token: 'x' }).success).toBe(false);
  expect(tokenReady.schema.safeParse({ ...event, data: { ...event.data, accessToken: 'x' } }).success).toBe(false);
});

it('names every event once, by service, noun and fact', () => {
  const names = allEvents.map(({ type, version }) => `${type}.v${version}`);
  expect(new Set(names).size).toBe(names.length);
  for (const name of names) expect(name).toMatch(/^(auth|ingest|analytics)\.[a-z-]+\.[a-z-]+\.v\d+$/);
});

it('lets only ingest ask for access tokens and nobody purge or delete a stream', () => {
  const users = busPermissions();
  expect(Object.entries(users).filter(([, may]) => may.publish.includes('tributary.rpc.auth.lease')).map(([user]) => user)).toEqual(['ingest']);
  expect(users.gateway.denyPublish).toEqual(['tributary.rpc.auth.lease', 'tributary.rpc.ingest.doctor.probe']);
  expect(users.auth.publish.filter((subject) => subject.startsWith('tributary.rpc.'))).toEqual(['tributary.rpc.ingest.doctor.probe', 'tributary.rpc.ingest.connection.syncs']);
  for (const user of ['auth', 'ingest', 'analytics', 'gateway'] as const) {
    expect(users[user].publish.filter((subject) => /\$JS\.>|\$JS\.API\.>|PURGE|DELETE|STREAM\.UPDATE/.test(subject))).toEqual([]);
  }
});
