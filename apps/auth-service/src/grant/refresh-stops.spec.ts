import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { getConnection, type ConnectionCore } from '@tributary/api-contracts';
import { startSimulator, type Simulator } from '@tributary/salesforce-simulator';
import { aServiceEnvironment, until, type ServiceEnvironment } from '@tributary/testing';
import { Client } from 'pg';
import { afterAll, beforeAll, beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import { Asker, anAuthService, type RunningAuth } from '../spec-support/auth-service.harness.ts';
import { connectAs, refreshesOf, type ConnectedPerson } from '../spec-support/connected.harness.ts';
import { InstallationMark } from './installation-mark.ts';
import { IssueFloor } from './issue-floor.ts';
import { RefreshGrant } from './refresh-grant.ts';
import { RefreshStops } from './refresh-stops.ts';
import { Upkeep } from './upkeep.ts';

let environment: ServiceEnvironment;
let simulator: Simulator;
let first: RunningAuth;
let second: RunningAuth;
let gateway: Asker;
let ingest: Asker;
let people: ConnectedPerson[];

beforeAll(async () => {
  [environment, simulator] = await Promise.all([aServiceEnvironment(), startSimulator({ size: 'empty' })]);
  [first, second] = await Promise.all([anAuthService(environment, simulator), anAuthService(environment, simulator)]);
  [gateway, ingest] = await Promise.all([Asker.as('gateway', environment), Asker.as('ingest', environment)]);
  people = [await connectAs(first, simulator, gateway), await connectAs(first, simulator, gateway, { username: simulator.users[1]?.username ?? '' })];
});

afterAll(async () => {
  await Promise.all([gateway?.stop(), ingest?.stop()]);
  await Promise.all([first?.app.close(), second?.app.close()]);
  await simulator?.stop();
  await environment?.stop();
});

beforeEach(() => {
  simulator.faults.clear();
  simulator.log.clear();
});

const one = (): ConnectedPerson => people[0] ?? Object.assign(Object.create(null));
const refresh = async (auth: RunningAuth, { connectionId }: ConnectedPerson): Promise<void> => auth.app.get(RefreshGrant).execute(connectionId, (await ingest.lease({ connectionId })).epoch);
const shown = ({ personId, connectionId }: ConnectedPerson): Promise<ConnectionCore> => gateway.ask(getConnection, { personId, connectionId });
/** What was proven is trusted for a second. */
const distrust = (): void => [first, second].forEach(({ app }) => app.get(InstallationMark).distrust());
/** As if the services of an environment had all been down for so long. */
async function sleepFor({ adminUrl }: ServiceEnvironment, length: string): Promise<void> {
  const admin = new Client({ connectionString: adminUrl });
  await admin.connect();
  await admin.query('update auth.instance set seen_at = now() - $1::interval', [length]);
  await admin.end();
}
const invalidClient = { match: { grant: 'refresh_token', times: 1 }, answer: { status: 400, body: '{"error":"invalid_client","error_description":"invalid client credentials"}' } } as const;

describe('a refusal of the app', () => {
  it('stops every process, breaks no connection, and is tried again after three seconds', async () => {
    simulator.faults.add(invalidClient);
    await expect(refresh(first, one())).rejects.toMatchObject({ code: 'CLIENT_SECRET_WRONG', kind: 'unavailable' });
    await expect(refresh(second, one())).rejects.toMatchObject({ code: 'CLIENT_SECRET_WRONG', retryAfterMs: expect.any(Number) });
    expect(refreshesOf(simulator)).toEqual([400]);
    expect(await shown(one())).toMatchObject({ state: 'active', attention: null });
    await first.pool.query("update refresh_stop set until = now() - interval '1 second' where kind = 'app'");
    await refresh(second, one());
    expect(refreshesOf(simulator)).toEqual([400, 200]);
  });

  it('by one org alone, while another takes it, concerns its administrator and stops nobody', async () => {
    const [uninstalled, other] = people as [ConnectedPerson, ConnectedPerson];
    const { settings } = simulator;
    await first.pool.query("update connection set org_id = '00DXX0000009otherA' where id = $1", [other.connectionId]);
    await first.pool.query("update oauth_grant set refreshed_at = now() where connection_id = $1 and state = 'live'", [other.connectionId]);
    Object.assign(settings, { appInstalled: false, uninstalledRefresh: 'as-wrong-secret' });
    onTestFinished(() => void Object.assign(settings, { appInstalled: true, uninstalledRefresh: 'named' }));
    await refresh(first, uninstalled).catch(() => undefined);
    expect(await shown(uninstalled)).toMatchObject({ state: 'needs_admin', attention: { cause: 'app-refused-here', who: 'admin', text: expect.stringContaining('install the app in this org') as string } });
    await first.app.get(RefreshStops).requireNone();
    settings.appInstalled = true;
    await first.pool.query('update connection set next_check_at = now() where id = $1', [uninstalled.connectionId]);
    await first.app.get(Upkeep).execute();
    await until('the connection works again', async () => (await shown(uninstalled)).state === 'active');
    await first.pool.query('update connection set org_id = (select org_id from connection where id = $1) where id = $2', [uninstalled.connectionId, other.connectionId]);
  });
});

describe('a database that was restored', () => {
  it('is recognised by being behind, and nobody refreshes until that is confirmed', async () => {
    await refresh(first, one());
    simulator.log.clear();
    await first.pool.query('update installation set generation = generation - 60000');
    distrust();
    await expect(refresh(first, one())).rejects.toMatchObject({ code: 'RESTORE_UNCONFIRMED', kind: 'unavailable' });
    await expect(refresh(second, one())).rejects.toMatchObject({ code: 'RESTORE_UNCONFIRMED' });
    expect((await ingest.lease(one())).epoch).toBeGreaterThan(0);
    expect(refreshesOf(simulator)).toEqual([]);
    expect(await first.app.get(InstallationMark).confirmRestore()).toBe(true);
    expect(await first.app.get(InstallationMark).confirmRestore()).toBe(false);
    distrust();
    await refresh(first, one());
    await refresh(second, one());
    expect(refreshesOf(simulator)).toEqual([200, 200]);
  });

  it('of another installation is recognised too', async () => {
    const file = join(first.dataFolder, 'installation-mark.json');
    const mark = await readFile(file, 'utf8');
    await writeFile(file, mark.replace(/"installation":"[^"]*"/, '"installation":"0199aa00-0000-7000-8000-0000000000aa"'));
    distrust();
    await expect(refresh(first, one())).rejects.toMatchObject({ code: 'RESTORE_UNCONFIRMED' });
    await first.app.get(InstallationMark).confirmRestore();
    expect(await first.app.get(RefreshStops).present()).toEqual([]);
  });

  it('opened by a folder that none of its processes knows is taken for a copy, unless one of them is running', async () => {
    const third = await anAuthService(environment, simulator);
    expect(await third.app.get(RefreshStops).present()).toEqual([]);
    await third.app.close();
    // Those who run here say so at any moment; on a database of its own nobody does.
    const copied = await aServiceEnvironment();
    onTestFinished(() => copied.stop());
    const [gone, asker] = await Promise.all([anAuthService(copied, simulator), Asker.as('gateway', copied)]);
    await connectAs(gone, simulator, asker);
    await Promise.all([gone.app.close(), asker.stop()]);
    await sleepFor(copied, '1 hour');
    const copy = await anAuthService(copied, simulator);
    onTestFinished(() => copy.app.close());
    expect(await copy.app.get(RefreshStops).present()).toMatchObject([{ kind: 'restore', cause: 'restore-unconfirmed', until: null }]);
  });
});

describe('the age of a token', () => {
  it('decides when a caller names an instant', async () => {
    const { epoch, issuedAt } = await ingest.lease(one());
    expect((await ingest.lease({ connectionId: one().connectionId, notIssuedBefore: issuedAt })).epoch).toBe(epoch);
    expect((await ingest.lease({ connectionId: one().connectionId, notIssuedBefore: new Date(Date.parse(issuedAt) + 1).toISOString() })).epoch).toBe(epoch + 1);
  });

  it('decides for everybody once the kill switch was used, and costs each connection one refresh', async () => {
    const before = (await ingest.lease(one())).epoch;
    await first.app.get(IssueFloor).raise();
    const leases = await Promise.all(Array.from({ length: 20 }, () => ingest.lease(one())));
    expect(new Set(leases.map(({ epoch }) => epoch))).toEqual(new Set([before + 1]));
    expect((await ingest.lease(one())).epoch).toBe(before + 1);
    expect(refreshesOf(simulator)).toEqual([200]);
  });
});

describe('many grants refused at once', () => {
  const refusedBefore = (count: number) =>
    first.pool.query("insert into final_verdict (grant_id, connection_id, org_id) select gen_random_uuid(), gen_random_uuid(), '00D' || n from generate_series(1, $1::int) n", [count]);

  it('break nothing from the third on while it may be a mass; ten minutes later it was none', async () => {
    const { connectionId } = await connectAs(first, simulator, gateway, { username: simulator.users[2]?.username ?? '' });
    const third = { ...one(), connectionId };
    // So few connections that ten could not be refused are no mass.
    await first.pool.query(`insert into oauth_grant (id, connection_id, workspace_id, kind, state, epoch, refresh_epoch, flow, login_origin, scopes, access_hash, issued_at, created_at, refreshed_at, ended_at)
      select gen_random_uuid(), connection_id, workspace_id, kind, 'superseded', 1, 1, flow, login_origin, scopes, access_hash, issued_at, created_at, refreshed_at, now() from oauth_grant, generate_series(1, 8) where connection_id = $1`, [connectionId]);
    await refusedBefore(2);
    simulator.revoke(simulator.users[2]?.username);
    await expect(refresh(first, third)).rejects.toMatchObject({ code: 'REFRESH_NOT_YET', details: { cause: 'refused-with-others' } });
    expect((await first.pool.query('select state, attention_cause from connection where id = $1', [connectionId])).rows).toEqual([{ state: 'degraded', attention_cause: 'refused-with-others' }]);
    await first.pool.query("update final_verdict set at = at - interval '10 minutes'");
    await first.pool.query('update connection set next_check_at = now() where id = $1', [connectionId]);
    await expect(refresh(first, third)).rejects.toMatchObject({ code: 'GRANT_REVOKED' });
    await first.pool.query('delete from final_verdict');
  });

  it('stop all refreshing with one alarm; what is refused while that stands breaks nothing until an operator has looked', async () => {
    // Nine others were refused in the last ten minutes.
    await refusedBefore(9);
    simulator.revoke();
    await expect(refresh(first, one())).rejects.toMatchObject({ code: 'APP_WIDE_REVOCATION', kind: 'unavailable' });
    expect(await shown(one())).toMatchObject({ state: 'active', attention: null });
    const other = people[1] ?? one();
    await expect(refresh(second, other)).rejects.toMatchObject({ code: 'APP_WIDE_REVOCATION' });
    expect(refreshesOf(simulator)).toEqual([400]);

    await first.pool.query("update refresh_stop set until = now() - interval '1 second' where kind = 'app'");
    expect(await first.app.get(RefreshStops).lift('mass')).toBe(true);
    await expect(refresh(first, other)).rejects.toMatchObject({ code: 'GRANT_REVOKED' });
    expect(await shown(other)).toMatchObject({ state: 'needs_reconsent' });
  });
});
