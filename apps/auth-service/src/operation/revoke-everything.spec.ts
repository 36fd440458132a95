import type { LeaseClaims } from '@tributary/api-contracts';
import { until } from '@tributary/testing';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { AuthHarness } from '../spec-support/auth.harness.ts';
import { connectAs, type ConnectedPerson } from '../spec-support/connected.harness.ts';
import { operate } from '../spec-support/operate.harness.ts';

// The time for a thousand connections is measured by tools/bench/src/revocations.ts.
const count = 12;
const unanswered = 3;

let harness: AuthHarness;
const people: ConnectedPerson[] = [];
let tokens: LeaseClaims[];
let report: Record<string, unknown>;

const unconfirmed = (): string[] => report['unconfirmed'] as string[];
const revokeEverything = async () => (await operate(harness.auth.dataFolder, 'revoke-everything', { confirm: 'revoke-everything' })).answer;
const revokedAtSalesforce = (): number => harness.simulator.log.entries().filter(({ path, status }) => path === '/services/oauth2/revoke' && status === 200).length;
const sealed = async () => (await harness.auth.pool.query<{ table: string; keys: number }>(`select case when g.id is not null then 'grant' when r.id is not null then 'revocation' else 'other' end as "table", count(*)::int as keys
  from vault_key k left join oauth_grant g on g.id = k.owner_id left join revocation r on r.id = k.owner_id group by 1 order by 1`)).rows;

async function takesToken({ accessToken, instanceUrl }: LeaseClaims): Promise<boolean> {
  return (await fetch(`${instanceUrl}/services/oauth2/userinfo`, { headers: { authorization: `Bearer ${accessToken}` } })).ok;
}

beforeAll(async () => {
  harness = await AuthHarness.start();
  for (let index = 0; index < count; index += 1) {
    const Username = `everything-${index}@example.test`;
    harness.simulator.org.insert('User', { Username, Name: Username, LastName: Username, Email: Username, IsActive: true, UserType: 'Standard' });
    people.push(await connectAs(harness.auth, harness.simulator, harness.gateway, { username: Username }));
  }
  tokens = await Promise.all(people.map(({ connectionId }) => harness.ingest.lease({ connectionId })));
  harness.simulator.log.clear();
  harness.simulator.faults.add({ match: { path: /oauth2\/revoke$/, nth: 4, times: unanswered }, answer: { status: 503, body: '' } });
});

afterAll(() => harness?.stop());

it('ends every access by one command, whatever Salesforce answers, and names the connections of which it has confirmed nothing', async () => {
  report = await revokeEverything();
  expect(report).toMatchObject({ connections: count, tokens: count, confirmed: count - unanswered, failed: [] });
  expect(unconfirmed()).toHaveLength(unanswered);
  // It would be tried again by itself after five seconds.
  await harness.auth.pool.query("update revocation set next_at = now() + interval '1 hour'");
  const taken = await Promise.all(tokens.map(takesToken));
  expect(people.filter((_person, index) => taken[index]).map(({ connectionId }) => connectionId).sort()).toEqual(unconfirmed().toSorted());
  for (const { connectionId } of people) await expect(harness.ingest.lease({ connectionId })).rejects.toMatchObject({ code: 'GRANT_REVOKED' });
});

it('destroys the keys of all grants; only the tokens that are still to be revoked stay sealed', async () => {
  expect((await sealed()).filter(({ table }) => table !== 'other')).toEqual([{ table: 'revocation', keys: unanswered }]);
});

it('tells the other services of each connection', async () => {
  const told = (): Set<string> => new Set(harness.bus.events.filter(({ type, data }) => type === 'auth.connection.attention' && data['cause'] === 'revoked-by-operator').map(({ subject }) => subject));
  await until('every connection is told', () => told().size === count);
  expect([...told()].sort()).toEqual(people.map(({ connectionId }) => connectionId).sort());
});

it('run again, asks Salesforce for what it has not confirmed at once, and for nothing else', async () => {
  report = await revokeEverything();
  expect(report).toMatchObject({ connections: 0, tokens: unanswered, confirmed: unanswered, unconfirmed: [], failed: [] });
  expect(revokedAtSalesforce()).toBe(count);
  expect(await Promise.all(tokens.map(takesToken))).toEqual(Array.from({ length: count }, () => false));
  expect((await sealed()).filter(({ table }) => table !== 'other')).toEqual([]);
});

it('what Salesforce has not answered is tried again by itself as well', async () => {
  const person = await connectAs(harness.auth, harness.simulator, harness.gateway, { username: 'everything-0@example.test' });
  const token = await harness.ingest.lease({ connectionId: person.connectionId });
  harness.simulator.faults.clear();
  harness.simulator.faults.add({ match: { path: /oauth2\/revoke$/, nth: 1 }, answer: 'reset' });
  report = await revokeEverything();
  expect([report['confirmed'], unconfirmed()]).toEqual([0, [person.connectionId]]);
  await harness.auth.pool.query("update revocation set next_at = now() - interval '1 second'");
  await harness.nothingToRevoke();
  expect(await takesToken(token)).toBe(false);
});
