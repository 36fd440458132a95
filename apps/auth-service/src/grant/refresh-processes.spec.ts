import { setTimeout as sleep } from 'node:timers/promises';
import type { LeaseClaims } from '@tributary/api-contracts';
import { startSimulator, type Simulator } from '@tributary/salesforce-simulator';
import { aServiceEnvironment, until, type ServiceEnvironment } from '@tributary/testing';
import { Failure } from '@tributary/failures';
import { Client } from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { AuthProcess, buildEndedService } from '../spec-support/auth-processes.harness.ts';
import { Asker } from '../spec-support/auth-service.harness.ts';
import { connectAs, refreshesOf, type ConnectedPerson } from '../spec-support/connected.harness.ts';
import type { EndAt } from '../spec-support/ended-service.harness.ts';

// Both halves need the service as processes; they share one build of it and one start of everything else.
const { TRIBUTARY_TEST_ROUNDS: askedRounds = '5', TRIBUTARY_TEST_SEEDS: askedSeeds } = process.env;

let environment: ServiceEnvironment;
let simulator: Simulator;
let services: AuthProcess[] = [];
let gateway: Asker;
let ingest: Asker;
let admin: Client;

beforeAll(async () => {
  [environment, simulator] = await Promise.all([aServiceEnvironment(), startSimulator({ size: 'empty' }), buildEndedService()]);
  const first = await AuthProcess.start(environment, simulator);
  services = [first, ...(await Promise.all([1, 2, 3].map(() => AuthProcess.start(environment, simulator))))];
  [gateway, ingest] = await Promise.all([Asker.as('gateway', environment), Asker.as('ingest', environment)]);
  admin = new Client({ connectionString: environment.adminUrl });
  await admin.connect();
}, 240_000);

afterAll(async () => {
  await Promise.all(services.map((service) => service.kill()));
  await Promise.all([gateway?.stop(), ingest?.stop(), admin?.end()]);
  await simulator?.stop();
  await environment?.stop();
});

const connect = async (username: string): Promise<ConnectedPerson> => connectAs({ origin: services[0]?.origin ?? '' }, simulator, gateway, { username });
const causeOf = (error: unknown): string => (error instanceof Failure ? String(error.details['cause'] ?? error.code) : String(error));

describe('four processes', () => {
  // TRIBUTARY_TEST_ROUNDS=1000 runs it in full.
  const rounds = Number(askedRounds);
  const callers = 200;
  const accessLifeMs = 2 * 60 * 60_000;

  let waited = 0;

  /** Asks as ingest-service does: again when it is told so, for two minutes; anything else is a failure. */
  async function patiently(connectionId: string, rejectedEpoch: number): Promise<LeaseClaims> {
    for (const endsAt = performance.now() + 120_000; ;) {
      try {
        return await ingest.lease({ connectionId, rejectedEpoch });
      } catch (error) {
        if (!(error instanceof Failure) || error.kind !== 'unavailable' || performance.now() > endsAt) throw error;
        waited += 1;
        await sleep(Math.min(error.retryAfterMs ?? 250, 5_000));
      }
    }
  }

  it(`give ${callers} callers one new token, with one refresh, each time the old one has ended`, async () => {
    const { connectionId } = await connect(simulator.users[0]?.username ?? '');
    let { epoch } = await ingest.lease({ connectionId });
    const tookMs: number[] = [];
    for (let round = 0; round < rounds; round += 1) {
      simulator.clock.advance(accessLifeMs);
      simulator.log.clear();
      const startedAt = performance.now();
      const leases = await Promise.all(Array.from({ length: callers }, () => patiently(connectionId, epoch)));
      tookMs.push(performance.now() - startedAt);
      expect(new Set(leases.map((lease) => `${lease.epoch} ${lease.accessToken}`)).size).toBe(1);
      expect([leases[0]?.epoch, refreshesOf(simulator)]).toEqual([epoch + 1, [200]]);
      epoch += 1;
    }
    tookMs.sort((a, b) => a - b);
    process.stdout.write(`${rounds} rounds of ${callers} callers in 4 processes: ${rounds} refreshes, 0 failed callers, ${waited} told to ask again; a round took ${Math.round(tookMs[rounds >> 1] ?? 0)} ms (median), ${Math.round(tookMs.at(-1) ?? 0)} ms (longest)\n`);
    const { rows } = await admin.query('select count(*)::int as reused from auth.presented_token group by token_hash having count(*) > 1');
    expect(rows).toEqual([]);
    const { accessToken, instanceUrl } = await ingest.lease({ connectionId });
    expect((await fetch(`${instanceUrl}/services/oauth2/userinfo`, { headers: { authorization: `Bearer ${accessToken}` } })).status).toBe(200);
  }, 7_200_000);

  it('were all there', async () => {
    const { rows } = await admin.query<{ instances: number }>('select count(*)::int as instances from auth.instance');
    expect(rows).toEqual([{ instances: 4 }]);
  });
});

// Each round ends the process at one point with several refreshes in flight; a seed is one refresh that was cut there.
// TRIBUTARY_TEST_SEEDS=100 runs the matrix in full.
describe('kill -9', () => {
  const seeds = Number(askedSeeds ?? 2);
  /** Each point costs a start of the service: without being asked for more, one of each kind. */
  const often = it.runIf(askedSeeds !== undefined);
  const together = Math.min(seeds, 10);
  const rounds = Math.ceil(seeds / together);
  const counted: Record<string, { kept: number; lost: number }> = {};
  let people: ConnectedPerson[];

  beforeAll(async () => {
    const [kept, ...others] = services;
    await Promise.all(others.map((service) => service.kill()));
    services = kept === undefined ? [] : [kept];
    await connectAll();
  }, 120_000);

  afterAll(() => {
    process.stdout.write(`refreshes cut by kill -9, ${together * rounds} at each point: ${JSON.stringify(counted)}\n`);
  });

  async function connectAll(): Promise<void> {
    people = await Promise.all(simulator.users.slice(0, together).map(({ username }) => connect(username)));
  }

  async function epochsOf(): Promise<Map<string, number>> {
    const { rows } = await admin.query<{ id: string; epoch: number }>("select connection_id as id, epoch from auth.oauth_grant where state = 'live'");
    return new Map(rows.map(({ id, epoch }) => [id, epoch]));
  }

  /** As if the thirty seconds had passed after which a dead process's rows are free. */
  async function letLeasesRunOut(): Promise<void> {
    await admin.query("update auth.oauth_grant set lease_until = now() - interval '1 second' where lease_until is not null");
    await admin.query('update auth.refresh_slot set owner = null, until = null');
  }

  /**
   * Entries of one workspace's audit log follow each other until their transactions end, and starting a refresh makes one too: only one refresh
   * at a time is before its commit, so all have their answers in the escrow first.
   */
  function endOf(point: EndAt['point'], afterMs: number | null): EndAt {
    const held = point === 'before-commit' && afterMs === null;
    return { point, afterMs, refreshes: held ? 1 : people.length, ...(point === 'before-commit' ? { gathering: { point: 'after-escrow', refreshes: people.length } } : {}) };
  }

  /** Cuts one refresh of each connection, starts again, and asks for what comes after. @returns how many grants were lost, each with the cause that was shown */
  async function cut(point: EndAt['point'], afterMs: number | null): Promise<string[]> {
    const [service] = services;
    const before = await epochsOf();
    await service?.endAt(endOf(point, afterMs));
    for (const { connectionId } of people) ingest.lease({ connectionId, rejectedEpoch: before.get(connectionId) }).catch(() => undefined);
    await service?.ended();
    await letLeasesRunOut();
    services = [await AuthProcess.start(environment, simulator, service?.dataFolder)];
    const outcomes = await Promise.all(people.map((person) => afterwards(person, before.get(person.connectionId) ?? 0)));
    return outcomes.filter((outcome) => outcome !== 'kept');
  }

  async function afterwards({ connectionId }: ConnectedPerson, epoch: number): Promise<string> {
    const { lease, cause } = await until('an answer that is no "later"', async () => ingest.lease({ connectionId, rejectedEpoch: epoch }).then((given) => ({ lease: given, cause: '' }), unlessLater), 60_000);
    if (lease === undefined) return cause;
    const { status } = await fetch(`${lease.instanceUrl}/services/oauth2/userinfo`, { headers: { authorization: `Bearer ${lease.accessToken}` } });
    return status === 200 && lease.epoch === epoch + 1 ? 'kept' : `epoch ${lease.epoch - epoch}, status ${status}`;
  }

  /** Something that passes is asked again. */
  function unlessLater(error: unknown): { lease: undefined; cause: string } | undefined {
    return error instanceof Failure && error.kind === 'unavailable' ? undefined : { lease: undefined, cause: causeOf(error) };
  }

  /** The n-th round: every second one holds the refreshes at the point, the others let them run on for a moment. */
  const momentMs = (round: number): number | null => (round % 2 === 0 ? null : (round * 7) % 40);

  const count = (point: EndAt['point'], lost: readonly string[]): void => void (counted[point] = { kept: together * rounds - lost.length, lost: lost.length });

  async function losesNone(point: EndAt['point'], after: (round: number) => number | null): Promise<void> {
    const lost: string[] = [];
    for (let round = 0; round < rounds; round += 1) lost.push(...(await cut(point, after(round))));
    count(point, lost);
    expect(lost).toEqual([]);
  }

  // A process that ran on from the first two could be cut with an answer on its way, which is the case below.
  it.each([['before-commit', momentMs]] as const)('%s loses no grant', losesNone, 3_600_000);
  often.each([['before-intent', () => null], ['after-intent', () => null], ['after-escrow', momentMs], ['after-commit', momentMs]] as const)('%s loses no grant', losesNone, 3_600_000);

  it.each([
    ['after-send', (round: number) => (round * 11) % 70],
    ['after-response', momentMs],
  ] as const)('%s loses a grant when the answer was on its way or in memory alone, says so, and one consent repairs it', async (point, after) => {
    const lost: string[] = [];
    for (let round = 0; round < rounds; round += 1) {
      const causes = await cut(point, after(round));
      lost.push(...causes);
      if (causes.length > 0) await connectAll();
    }
    count(point, lost);
    expect(lost.filter((cause) => cause !== 'rotation-lost')).toEqual([]);
    expect((await ingest.lease({ connectionId: people[0]?.connectionId })).epoch).toBeGreaterThan(0);
  }, 3_600_000);
});
