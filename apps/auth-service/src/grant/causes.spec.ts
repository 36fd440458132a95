import { randomUUID } from 'node:crypto';
import { getConnection, type ConnectionState } from '@tributary/api-contracts';
import type { Settings } from '@tributary/salesforce-simulator';
import { until } from '@tributary/testing';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { anAuthService } from '../spec-support/auth-service.harness.ts';
import { AuthHarness } from '../spec-support/auth.harness.ts';
import { connectAs, refreshesOf, type ConnectedPerson } from '../spec-support/connected.harness.ts';
import type { DeathCause } from './cause-of-death.ts';
import { RefreshGrant } from './refresh-grant.ts';
import { RefreshStops } from './refresh-stops.ts';
import { UpkeepScheduler } from './upkeep.scheduler.ts';

let harness: AuthHarness;
let usual: Settings;

beforeAll(async () => {
  harness = await AuthHarness.start({ variables: { TRIBUTARY_EGRESS_ADDRESSES: '203.0.113.7' } });
  usual = structuredClone(harness.simulator.settings);
  // Each refresh is made by hand: what it leads to is what is looked at.
  await harness.auth.app.get(UpkeepScheduler).beforeApplicationShutdown();
});

afterAll(() => harness?.stop());

beforeEach(async () => {
  Object.assign(harness.simulator.settings, usual);
  harness.simulator.faults.clear();
  harness.simulator.log.clear();
  // What was refused in the tests before is no evidence for this one.
  await sql("update oauth_grant set state = 'superseded', ended_at = now() - interval '1 hour' where ended_at is null or ended_at > now() - interval '1 hour'");
  await sql('delete from final_verdict');
  await sql('delete from refresh_stop');
});

const hour = 60 * 60_000;
const day = 24 * hour;

const sql = (text: string, values: unknown[] = []) => harness.auth.pool.query(text, values);
const settings = (change: Partial<Settings>) => void Object.assign(harness.simulator.settings, change);
const username = (user: number): string => harness.simulator.users[user]?.username ?? '';
const aged = ({ connectionId }: ConnectedPerson, created: string, refreshed: string) => sql(`update oauth_grant set created_at = now() - interval '${created}', refreshed_at = now() - interval '${refreshed}' where connection_id = $1 and state = 'live'`, [connectionId]);

/** One refresh, as when its time has come. */
async function refresh({ connectionId }: ConnectedPerson): Promise<void> {
  await sql('update connection set next_check_at = null where id = $1', [connectionId]);
  const { rows: [grant] } = await sql("select epoch from oauth_grant where connection_id = $1 and state = 'live'", [connectionId]);
  await harness.auth.app.get(RefreshGrant).execute(connectionId, Number(grant?.['epoch']), 'due');
}

/** A Salesforce user who is nobody here consents for somebody of a workspace of its own. */
async function consentElsewhere(user: number): Promise<ConnectedPerson> {
  const [workspaceId, personId] = [randomUUID(), randomUUID()];
  await sql("insert into workspace (id, name, created_at) values ($1, 'Other', now())", [workspaceId]);
  await sql("insert into person (id, workspace_id, issuer, subject, name, role, created_at, last_sign_in_at) values ($1, $2, 'https://id.test', $3, 'Somebody', 'owner', now(), now())", [personId, workspaceId, personId]);
  return connectAs(harness.auth, harness.simulator, harness.gateway, { username: username(user), personId });
}

/** What the person, other services and an auditor are told. */
async function expectTold({ connectionId, personId }: ConnectedPerson, { state, cause, who }: { state: ConnectionState; cause: string; who: string }): Promise<void> {
  const shown = await harness.gateway.ask(getConnection, { personId, connectionId });
  expect([shown.state, shown.attention?.cause, shown.attention?.who]).toEqual([state, cause, who]);
  const text = shown.attention?.text ?? '';
  expect(text.length).toBeGreaterThan(15);
  await until('the others are told', () => harness.bus.events.some(({ type, subject, data }) => type === 'auth.connection.attention' && subject === connectionId && data['cause'] === cause && data['who'] === who && data['text'] === text && data['state'] === state && data['resolved'] === false));
  const { rows: [entry] } = await sql("select kind, cause, text from audit_entry where connection_id = $1 and kind = 'state-changed' order by id desc limit 1", [connectionId]);
  expect(entry).toMatchObject({ cause, text: expect.stringContaining(text) as string });
}

/** The evidence that the last entry of the timeline gives. */
async function evidence({ connectionId }: ConnectedPerson): Promise<string> {
  return String((await sql("select text from audit_entry where connection_id = $1 and kind = 'state-changed' order by id desc limit 1", [connectionId])).rows[0]?.['text']);
}

interface Death {
  readonly cause: DeathCause;
  readonly evidence: string;
  /** @returns whose refresh is looked at */
  readonly prepare: () => Promise<ConnectedPerson>;
  readonly state?: ConnectionState;
  readonly who?: string;
}

const deaths: readonly Death[] = [
  { cause: 'rotation-lost', evidence: 'our own answer was lost', prepare: async () => {
    const person = await harness.connect();
    harness.simulator.faults.add({ match: { grant: 'refresh_token', times: 1 }, answer: 'lose-response' });
    await refresh(person);
    return person;
  } },
  { cause: 'rotation-reuse', evidence: 'a token is presented that was replaced before, as from rows of a backup', prepare: async () => {
    const person = await harness.connect();
    const { rows: [grant] } = await sql("select id, epoch, refresh_epoch, access_hash from oauth_grant where connection_id = $1 and state = 'live'", [person.connectionId]);
    const { rows: sealed } = await sql('select field, epoch, sealed from vault_entry where owner_id = $1', [grant?.['id']]);
    await refresh(person);
    await sql('update oauth_grant set epoch = $2, refresh_epoch = $3, access_hash = $4 where id = $1', [grant?.['id'], grant?.['epoch'], grant?.['refresh_epoch'], grant?.['access_hash']]);
    await sql('delete from vault_entry where owner_id = $1', [grant?.['id']]);
    for (const entry of sealed) await sql('insert into vault_entry (owner_id, field, epoch, sealed) values ($1, $2, $3, $4)', [grant?.['id'], entry['field'], entry['epoch'], entry['sealed']]);
    return person;
  }, who: 'operator' },
  { cause: 'idle-timeout', evidence: 'nobody used it for more than 30 days', prepare: async () => {
    const person = await harness.connect();
    harness.simulator.clock.advance(31 * day);
    await aged(person, '40 days', '31 days');
    return person;
  } },
  { cause: 'policy-expired', evidence: 'another of the org ended at the same age', prepare: async () => {
    settings({ refreshTokenLifeMs: 40 * day, refreshTokenIdleMs: null });
    const [first, second] = [await harness.connect(0), await harness.connect(1)];
    harness.simulator.clock.advance(40 * day + hour);
    for (const person of [first, second]) await aged(person, '40 days 1 hour', '1 day');
    await refresh(first);
    await expectTold(first, { state: 'needs_reconsent', cause: 'revoked-or-unknown', who: 'user' });
    return second;
  } },
  { cause: 'evicted-by-five-grants', evidence: 'the same user consented five times since', prepare: async () => {
    const person = await consentElsewhere(10);
    for (let workspace = 0; workspace < 5; workspace += 1) await consentElsewhere(10);
    harness.simulator.log.clear();
    return person;
  } },
  { cause: 'user-inactive', evidence: 'the identity says so', prepare: async () => {
    const person = await harness.connect();
    settings({ inactiveUsers: [username(0)], inactiveRefresh: 'as-expired' });
    return person;
  }, state: 'needs_admin', who: 'admin' },
  { cause: 'user-inactive', evidence: 'another grant of the same user died within the hour', prepare: async () => {
    const [person, other] = [await consentElsewhere(11), await consentElsewhere(11)];
    harness.simulator.revoke(username(11));
    await refresh(person);
    await expectTold(person, { state: 'needs_reconsent', cause: 'revoked-or-unknown', who: 'user' });
    return other;
  }, state: 'needs_admin', who: 'admin' },
  { cause: 'sandbox-refreshed', evidence: 'its org is not known any more', prepare: async () => {
    const person = await harness.connect();
    settings({ sandboxRefreshed: true });
    return person;
  } },
  { cause: 'app-uninstalled-or-blocked', evidence: 'two others of the org died within the hour', prepare: async () => {
    const people = [await harness.connect(0), await harness.connect(1), await harness.connect(2)] as const;
    harness.simulator.revoke();
    for (const person of people.slice(0, 2)) await refresh(person);
    return people[2];
  }, state: 'needs_admin', who: 'admin' },
  { cause: 'app-wide-revocation', evidence: 'connections of three other orgs died within ten minutes, too few for a mass', prepare: async () => {
    const people = [await harness.connect(0), await harness.connect(1), await harness.connect(2), await harness.connect(3)] as const;
    for (const [place, { connectionId }] of people.slice(1).entries()) await sql('update connection set org_id = $2 where id = $1', [connectionId, `00DXX000000${place}othrA`]);
    harness.simulator.revoke();
    for (const person of people.slice(1)) await refresh(person);
    await sql('update connection set org_id = $1', [harness.simulator.orgId]);
    return people[0];
  }, who: 'operator' },
  { cause: 'revoked-or-unknown', evidence: 'nothing else is known', prepare: async () => {
    const person = await harness.connect();
    harness.simulator.revoke(username(0));
    return person;
  } },
];

describe('a grant that Salesforce calls expired', () => {
  it.each(deaths)('died of $cause when $evidence: connection, event and audit entry say so', async ({ cause, prepare, state = 'needs_reconsent', who = 'user' }) => {
    const person = await prepare();
    await refresh(person);
    await expectTold(person, { state, cause, who });
    expect(refreshesOf(harness.simulator).at(-1)).toBe(400);
    expect(await evidence(person)).toMatch(/Approved 20\d\d-.* the present access was tried too and answered with 403/);
  });

  it('died of network-containment when our addresses changed within seven days; the evidence names the change', async () => {
    const listed = async () => (await sql('select address, changed from egress_address order by address')).rows;
    expect(await listed()).toEqual([{ address: '203.0.113.7', changed: false }]);
    const moved = await anAuthService(harness.environment, harness.simulator, { variables: { TRIBUTARY_EGRESS_ADDRESSES: '198.51.100.9' } });
    await moved.app.close();
    expect(await listed()).toEqual([{ address: '198.51.100.9', changed: true }]);

    const person = await harness.connect();
    settings({ networkContained: true });
    await refresh(person);
    await expectTold(person, { state: 'needs_reconsent', cause: 'network-containment', who: 'operator' });
    expect(await evidence(person)).toMatch(/VPNs or proxies, and freezes these users\..* unfreeze the user.*; the addresses we call from changed 20\d\d-\S+ \S+ UTC \(0 min ago\)\.$/);

    await sql("update egress_address set listed_at = now() - interval '7 days 1 minute'");
    settings({ networkContained: false });
    const later = await harness.connect(1);
    settings({ networkContained: true });
    await refresh(later);
    await expectTold(later, { state: 'needs_reconsent', cause: 'revoked-or-unknown', who: 'user' });
    await sql('delete from egress_address');
  });
});

describe('a refresh that is refused by name, after the present access has ended', () => {
  it.each<[cause: string, state: ConnectionState, who: string, change: () => Partial<Settings>]>([
    ['password-changed-or-deactivated', 'needs_reconsent', 'user', () => ({ tokenRefusal: 'password-changed' })],
    ['user-ip-blocked', 'held', 'admin', () => ({ userIpBlocked: true })],
    ['egress-not-allowlisted', 'held', 'operator', () => ({ appIpBlocked: true })],
    ['org-inactive', 'held', 'admin', () => ({ orgInactive: true })],
    ['not-admin-approved', 'needs_admin', 'admin', () => ({ tokenRefusal: 'not-admin-approved' })],
    ['user-inactive', 'needs_admin', 'admin', () => ({ inactiveUsers: [username(0)] })],
    ['app-version-mismatch', 'needs_admin', 'admin', () => ({ tokenRefusal: 'app-version' })],
    ['app-not-installed', 'needs_admin', 'admin', () => ({ appInstalled: false })],
    ['app-not-installed', 'needs_admin', 'admin', () => ({ tokenRefusal: 'must-be-installed' })],
    ['app-not-installed', 'needs_admin', 'admin', () => ({ tokenRefusal: 'approval-error' })],
    ['app-blocked', 'needs_admin', 'admin', () => ({ tokenRefusal: 'app-blocked' })],
    ['login-rate', 'degraded', 'nobody', () => ({ tokenRefusal: 'login-rate' })],
    ['host-refused', 'needs_admin', 'operator', () => ({ instanceUrl: 'http://169.254.169.254' })],
  ])('%s makes the connection %s: connection, event and audit entry name the cause and who acts (%s)', async (cause, state, who, change) => {
    const person = await harness.connect();
    harness.simulator.clock.advance(3 * hour);
    settings(change());
    await refresh(person);
    await expectTold(person, { state, cause, who });
  });

  it('login-rate is not tried again within an hour', async () => {
    const person = await harness.connect();
    settings({ tokenRefusal: 'login-rate' });
    await refresh(person);
    expect((await sql("select next_check_at >= now() + interval '59 minutes' as late from connection where id = $1", [person.connectionId])).rows).toEqual([{ late: true }]);
  });

  it('identity-changed sets the connection aside', async () => {
    const person = await harness.connect();
    harness.simulator.faults.add({ match: { grant: 'refresh_token' }, answer: { tamper: (body) => body.replace(/(\/id\/00D\w{15}\/)005\w{15}/, '$1005000000000000AAA').replace(/"signature":"[^"]*",?/, '') } });
    await refresh(person);
    await expectTold(person, { state: 'needs_admin', cause: 'identity-changed', who: 'operator' });
  });

  it.each([
    ['a page of maintenance', { status: 503, body: '<html>maintenance</html>' }], ['a page that is no JSON', { status: 400, body: '<html>hello</html>' }], ['nothing', { status: 400, body: '' }],
  ])('as-unavailable is told of %s', async (_what, answer) => {
    const person = await harness.connect();
    harness.simulator.faults.add({ match: { grant: 'refresh_token' }, answer });
    await refresh(person);
    await expectTold(person, { state: 'degraded', cause: 'as-unavailable', who: 'nobody' });
  });

  it.each([['client-secret-wrong', 'client-credentials'], ['client-id-unknown', 'client-id'], ['app-misconfigured', 'flow-disabled']] as const)('%s is an alarm for the app and breaks no connection', async (cause, tokenRefusal) => {
    const person = await harness.connect();
    settings({ tokenRefusal });
    await expect(refresh(person)).rejects.toMatchObject({ kind: 'unavailable', details: { cause } });
    expect(await harness.auth.app.get(RefreshStops).present()).toMatchObject([{ kind: 'app', cause }]);
    const shown = await harness.gateway.ask(getConnection, { personId: person.personId, connectionId: person.connectionId });
    expect([shown.state, shown.attention]).toEqual(['active', null]);
    expect((await sql('select from audit_entry where connection_id = $1 and cause = $2', [person.connectionId, cause])).rowCount).toBe(0);
  });
});
