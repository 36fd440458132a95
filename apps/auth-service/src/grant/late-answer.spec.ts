import { copyFile, readdir, rename, utimes } from 'node:fs/promises';
import { join } from 'node:path';
import { Logger } from '@nestjs/common';
import { disconnectConnection, getConnection } from '@tributary/api-contracts';
import { until } from '@tributary/testing';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, onTestFinished, vi } from 'vitest';
import { approveElsewhere } from '../spec-support/approve-elsewhere.harness.ts';
import { AuthHarness } from '../spec-support/auth.harness.ts';
import { anAuthService, type RunningAuth } from '../spec-support/auth-service.harness.ts';
import { refreshesOf, type ConnectedPerson } from '../spec-support/connected.harness.ts';
import { ClearStrays } from './clear-strays.ts';
import { RefreshGrant } from './refresh-grant.ts';
import { RefreshProgress, type RefreshPoint } from './refresh-progress.ts';
import { StoreAnswer } from './store-answer.ts';
import { UpkeepScheduler } from './upkeep.scheduler.ts';

let harness: AuthHarness;
let late: RunningAuth;
let person: ConnectedPerson;
let epoch: number;

beforeAll(async () => {
  harness = await AuthHarness.start();
  late = await anAuthService(harness.environment, harness.simulator);
  // Its rounds would take an answer that is held back out of the escrow.
  await late.app.get(UpkeepScheduler).beforeApplicationShutdown();
});

afterAll(async () => {
  await late?.app.close();
  await harness?.stop();
});

beforeEach(async () => {
  person = await harness.connect();
  ({ epoch } = await harness.ingest.lease({ connectionId: person.connectionId }));
  harness.simulator.log.clear();
});

afterEach(() => {
  harness.simulator.settings.rotation = true;
  harness.simulator.faults.clear();
  late.app.get(RefreshProgress).reached = async () => undefined;
});

const lent = async (): Promise<{ epoch: number; accessToken: string }> => {
  const { epoch: present, accessToken } = await harness.ingest.lease({ connectionId: person.connectionId });
  return { epoch: present, accessToken };
};
const state = async (): Promise<string> => (await harness.gateway.ask(getConnection, { personId: person.personId, connectionId: person.connectionId })).state;
const grants = 'select * from oauth_grant where connection_id = $1';
const sealed = 'select * from vault_entry where owner_id in (select id from oauth_grant where connection_id = $1)';
const query = async (text: string): Promise<unknown[]> => (await harness.auth.pool.query(text, [person.connectionId])).rows;
const escrowed = (): Promise<string[]> => readdir(join(late.dataFolder, 'escrow'));
const accepts = async (accessToken: string): Promise<boolean> => (await fetch(`${harness.simulator.orgOrigin}/services/oauth2/userinfo`, { headers: { authorization: `Bearer ${accessToken}` } })).status === 200;
const revocations = (): number[] => harness.simulator.log.entries().filter(({ path }) => path === '/services/oauth2/revoke').map(({ status }) => status);

interface HeldRefresh {
  /** The access token of the answer that is held back. */
  readonly accessToken: string;
  /** Lets it go on. @returns how it ended */
  release(): Promise<unknown>;
}

/** A refresh that has its answer and is slow in keeping it. */
async function aRefreshHeldAt(held: RefreshPoint, tamper: (body: string) => string = (body) => body): Promise<HeldRefresh> {
  const progress = late.app.get(RefreshProgress);
  const [arrived, gone] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
  progress.reached = async (point) => {
    if (point !== held) return;
    progress.reached = async () => undefined;
    arrived.resolve();
    await gone.promise;
  };
  let accessToken = '';
  harness.simulator.faults.add({ match: { grant: 'refresh_token', times: 1 }, answer: { tamper: (body) => {
    ({ access_token: accessToken } = JSON.parse(body) as { access_token: string });
    return tamper(body);
  } } });
  const ended = late.app.get(RefreshGrant).execute(person.connectionId, epoch).catch((error: unknown) => error);
  await arrived.promise;
  return { accessToken, release: async () => {
    gone.resolve();
    return ended;
  } };
}

const approvedElsewhere = () => approveElsewhere(harness.simulator, harness.simulator.users[0]?.username ?? '');

/** As if the owner of the refresh had been silent for longer than anybody waits for it. */
const giveUpOnOwner = () => query("update oauth_grant set lease_until = now() - interval '1 second', intent_at = now() - interval '3 minutes' where connection_id = $1 and state = 'live' returning id");

describe('an answer that comes late', () => {
  it('changes nothing when another process has got a token meanwhile: whose epoch it was is over', async () => {
    harness.simulator.settings.rotation = false;
    const { accessToken, release } = await aRefreshHeldAt('after-response');
    await giveUpOnOwner();
    await harness.auth.app.get(RefreshGrant).execute(person.connectionId, epoch);
    const present = await lent();
    const stored = [await query(grants), await query(sealed)];
    expect(present.epoch).toBe(epoch + 1);
    expect(present.accessToken).not.toBe(accessToken);

    expect(await release()).toBeUndefined();
    expect(await lent()).toEqual(present);
    expect([await query(grants), await query(sealed)]).toEqual(stored);
    expect([refreshesOf(harness.simulator), revocations(), await escrowed(), await state()]).toEqual([[200, 200], [], [], 'active']);
  });

  it.each<RefreshPoint>(['after-response', 'after-escrow'])('(%s) is given back when the connection was disconnected meanwhile: no access is left at Salesforce', async (point) => {
    const { accessToken, release } = await aRefreshHeldAt(point);
    await harness.gateway.ask(disconnectConnection, { personId: person.personId, connectionId: person.connectionId, data: 'keep' });
    expect(await accepts(accessToken)).toBe(true);

    expect(await release()).toMatchObject({ code: 'CONNECTION_DISCONNECTED' });
    await until('it is given back', async () => !(await accepts(accessToken)));
    await until('the revocation is done', async () => (await query('select from revocation where connection_id = $1')).length === 0);
    expect(await query('select state, epoch from oauth_grant where connection_id = $1 order by epoch desc limit 1')).toEqual([{ state: 'revoked', epoch }]);
    expect(await query(sealed)).toEqual([]);
    expect([await escrowed(), await state()]).toEqual([[], 'disconnected']);
  });

  it('is given back when the person has consented again meanwhile, and the new consent stays', async () => {
    const { accessToken, release } = await aRefreshHeldAt('after-response');
    expect((await harness.connect()).connectionId).toBe(person.connectionId);
    const present = await lent();

    expect(await release()).toBeUndefined();
    await until('it is given back', async () => !(await accepts(accessToken)));
    expect(await lent()).toEqual(present);
    expect(await accepts(present.accessToken)).toBe(true);
    expect([await escrowed(), await state()]).toEqual([[], 'active']);
  });

  it('brings no grant back that died meanwhile: with rotation the second question has ended it', async () => {
    const { release } = await aRefreshHeldAt('after-response');
    await giveUpOnOwner();
    await expect(harness.auth.app.get(RefreshGrant).execute(person.connectionId, epoch)).rejects.toMatchObject({ code: 'GRANT_REVOKED', details: { cause: 'rotation-lost' } });
    const stored = [await query(grants), await query(sealed)];

    expect(await release()).toMatchObject({ code: 'GRANT_REVOKED' });
    await until('it is given back', () => revocations().length > 0);
    expect([await query(grants), await query(sealed)]).toEqual(stored);
    expect([await escrowed(), await state()]).toEqual([[], 'needs_reconsent']);
  });

  it.each([['is the present one', 0], ['was used and replaced since', 2]])('out of the escrow changes nothing once its token %s, and leaves the escrow without an alarm', async (_what, refreshes) => {
    const { release } = await aRefreshHeldAt('after-escrow');
    const [file = ''] = await escrowed();
    const kept = join(late.dataFolder, file);
    await copyFile(join(late.dataFolder, 'escrow', file), kept);
    await release();
    for (let since = 1; since <= refreshes; since += 1) await late.app.get(RefreshGrant).execute(person.connectionId, epoch + since);
    const present = await lent();
    expect(present.epoch).toBe(epoch + 1 + refreshes);

    await rename(kept, join(late.dataFolder, 'escrow', file));
    await late.app.get(StoreAnswer).replayAll();
    expect(await lent()).toEqual(present);
    expect([await escrowed(), revocations(), await state()]).toEqual([[], [], 'active']);
  });
});

describe('two answers to one refresh, each with a refresh token of its own', () => {
  let alarms: string[];

  beforeEach(async () => {
    alarms = [];
    const spy = vi.spyOn(Logger.prototype, 'error').mockImplementation((message: unknown) => void alarms.push(String(message)));
    onTestFinished(() => spy.mockRestore());
    // As a server would whose grace period takes a replaced token once more: here the second token is one of another approval.
    harness.simulator.settings.rotation = false;
    const { refresh_token } = await approvedElsewhere();
    const { release } = await aRefreshHeldAt('after-response', (body) => JSON.stringify({ ...(JSON.parse(body) as object), refresh_token }));
    await giveUpOnOwner();
    await harness.auth.app.get(RefreshGrant).execute(person.connectionId, epoch);
    expect(await release()).toBeUndefined();
    harness.simulator.log.clear();
  });

  afterEach(async () => {
    await query("update oauth_grant set state = 'superseded', ended_at = now() where connection_id = $1 and state in ('live', 'dead')");
    await clear();
  });

  const clear = () => late.app.get(ClearStrays).execute();
  const refreshLate = () => late.app.get(RefreshGrant).execute(person.connectionId, epoch + 1);
  const told = () => query("select cause from audit_entry where connection_id = $1 and kind = 'answer-set-aside'");
  const refuseStored = (times: number) => {
    harness.simulator.clock.advance(3 * 60 * 60_000);
    harness.simulator.faults.add({ match: { grant: 'refresh_token', times }, answer: { status: 400, body: '{"error":"invalid_grant","error_description":"expired access/refresh token"}' } });
  };
  const sinceDays = async (days: number) => {
    const [file = ''] = await escrowed();
    await utimes(join(late.dataFolder, 'escrow', file), Date.now() / 1_000, Date.now() / 1_000 - days * 24 * 60 * 60);
  };

  it('keep the later one aside with an alarm and an entry in the timeline; it is never presented while the other works', async () => {
    expect(await escrowed()).toEqual([expect.stringMatching(new RegExp(`\\.${epoch}\\.[0-9a-f-]{36}\\.${epoch + 1}\\.stray$`)) as string]);
    expect([alarms.filter((text) => text.startsWith('ALARM: an answer for grant')).length, await told()]).toEqual([1, [{ cause: 'stray-answer' }]]);
    await late.app.get(StoreAnswer).replayAll();
    await clear();
    expect([(await escrowed()).length, (await lent()).epoch, await state(), refreshesOf(harness.simulator)]).toEqual([1, epoch + 1, 'active', []]);
  });

  it('forget the later one once the other was taken', async () => {
    await refreshLate();
    expect([refreshesOf(harness.simulator), (await escrowed()).length]).toEqual([[200], 1]);
    await clear();
    expect([await escrowed(), revocations(), await state()]).toEqual([[], [], 'active']);
  });

  it('use the later one when the other is refused for good: the connection lives on', async () => {
    refuseStored(1);
    await refreshLate();
    expect([refreshesOf(harness.simulator), (await lent()).epoch, await state()]).toEqual([[400, 200], epoch + 2, 'active']);
    await clear();
    expect(await escrowed()).toEqual([]);
  });

  it('end the grant when both are refused for good, and give the later one back', async () => {
    refuseStored(2);
    await expect(refreshLate()).rejects.toMatchObject({ code: 'GRANT_REVOKED' });
    expect([refreshesOf(harness.simulator), await state()]).toEqual([[400, 400], 'needs_reconsent']);
    await clear();
    await until('it is given back', () => revocations().length > 0);
    expect(await escrowed()).toEqual([]);
  });

  it('forget the later one with the connection, whose keys are destroyed', async () => {
    await harness.gateway.ask(disconnectConnection, { personId: person.personId, connectionId: person.connectionId, data: 'keep' });
    await clear();
    expect(await escrowed()).toEqual([]);
  });

  it('forget the later one after thirty days', async () => {
    await sinceDays(29.9);
    await clear();
    expect((await escrowed()).length).toBe(1);
    await sinceDays(30.1);
    await clear();
    expect(await escrowed()).toEqual([]);
  });
});
