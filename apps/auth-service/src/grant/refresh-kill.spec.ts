import { mkdtemp } from 'node:fs/promises';
import { join } from 'node:path';
import { startSimulator, type Simulator } from '@tributary/salesforce-simulator';
import { aServiceEnvironment, until, type ServiceEnvironment } from '@tributary/testing';
import { Failure } from '@tributary/failures';
import { Client } from 'pg';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { AuthProcess, buildEndedService } from '../spec-support/auth-processes.harness.ts';
import { Asker } from '../spec-support/auth-service.harness.ts';
import { connectAs, type ConnectedPerson } from '../spec-support/connected.harness.ts';
import type { EndAt } from '../spec-support/ended-service.harness.ts';

// Each round ends the process at one point with several refreshes in flight; a seed is one refresh that was cut there.
// TRIBUTARY_TEST_SEEDS=100 runs the matrix in full.
const asked = process.env['TRIBUTARY_TEST_SEEDS'];
const seeds = Number(asked ?? 2);
/** Each point costs a start of the service: without being asked for more, one of each kind. */
const often = it.runIf(asked !== undefined);
const together = Math.min(seeds, 10);
const rounds = Math.ceil(seeds / together);

let environment: ServiceEnvironment;
let simulator: Simulator;
let service: AuthProcess | undefined;
let dataFolder: string;
let admin: Client;
let gateway: Asker;
let ingest: Asker;
let people: ConnectedPerson[];
const counted: Record<string, { kept: number; lost: number }> = {};

beforeAll(async () => {
  [environment, simulator] = await Promise.all([aServiceEnvironment(), startSimulator({ size: 'empty' }), buildEndedService()]);
  dataFolder = await mkdtemp(join(environment.dataFolder, 'auth-'));
  admin = new Client({ connectionString: environment.adminUrl });
  await admin.connect();
  [gateway, ingest] = await Promise.all([Asker.as('gateway', environment), Asker.as('ingest', environment)]);
  service = await AuthProcess.start(environment, simulator, dataFolder);
  people = await Promise.all(simulator.users.slice(0, together).map(({ username }) => connect(username)));
}, 180_000);

afterAll(async () => {
  process.stdout.write(`refreshes cut by kill -9, ${together * rounds} at each point: ${JSON.stringify(counted)}\n`);
  await service?.kill();
  await Promise.all([gateway?.stop(), ingest?.stop(), admin?.end()]);
  await simulator?.stop();
  await environment?.stop();
});

const connect = async (username: string): Promise<ConnectedPerson> => connectAs({ origin: service?.origin ?? '' }, simulator, gateway, { username });
const epochsOf = async (): Promise<Map<string, number>> => {
  const { rows } = await admin.query<{ id: string; epoch: number }>("select connection_id as id, epoch from auth.oauth_grant where state = 'live'");
  return new Map(rows.map(({ id, epoch }) => [id, epoch]));
};

/** As if the thirty seconds had passed after which a dead process's rows are free. */
async function letLeasesRunOut(): Promise<void> {
  await admin.query("update auth.oauth_grant set lease_until = now() - interval '1 second' where lease_until is not null");
  await admin.query('update auth.refresh_slot set owner = null, until = null');
}

/** Cuts one refresh of each connection, starts again, and asks for what comes after. @returns how many grants were lost, each with the cause that was shown */
async function cut(end: Omit<EndAt, 'refreshes'>): Promise<string[]> {
  const before = await epochsOf();
  await service?.endAt({ ...end, refreshes: people.length });
  for (const { connectionId } of people) ingest.lease({ connectionId, rejectedEpoch: before.get(connectionId) }).catch(() => undefined);
  await service?.ended();
  await letLeasesRunOut();
  service = await AuthProcess.start(environment, simulator, dataFolder);
  const outcomes = await Promise.all(people.map((person) => afterwards(person, before.get(person.connectionId) ?? 0)));
  return outcomes.filter((outcome) => outcome !== 'kept');
}

async function afterwards({ connectionId }: ConnectedPerson, epoch: number): Promise<string> {
  const { lease, cause } = await until('an answer that is no "later"', async () => ingest.lease({ connectionId, rejectedEpoch: epoch }).then((given) => ({ lease: given, cause: '' }), unlessLater), 30_000);
  if (lease === undefined) return cause;
  const { status } = await fetch(`${lease.instanceUrl}/services/oauth2/userinfo`, { headers: { authorization: `Bearer ${lease.accessToken}` } });
  return status === 200 && lease.epoch === epoch + 1 ? 'kept' : `epoch ${lease.epoch - epoch}, status ${status}`;
}

/** Something that passes is asked again. */
function unlessLater(error: unknown): { lease: undefined; cause: string } | undefined {
  if (error instanceof Failure && error.kind === 'unavailable') return undefined;
  return { lease: undefined, cause: error instanceof Failure ? String(error.details['cause'] ?? error.code) : String(error) };
}

/** The n-th round: every second one holds the refreshes at the point, the others let them run on for a moment. */
const momentMs = (round: number): number | null => (round % 2 === 0 ? null : (round * 7) % 40);

const count = (point: EndAt['point'], lost: readonly string[]): void => void (counted[point] = { kept: together * rounds - lost.length, lost: lost.length });

async function losesNone(point: EndAt['point'], after: (round: number) => number | null): Promise<void> {
  const lost: string[] = [];
  for (let round = 0; round < rounds; round += 1) lost.push(...(await cut({ point, afterMs: after(round) })));
  count(point, lost);
  expect(lost).toEqual([]);
}

// A process that ran on from the first two could be cut with an answer on its way, which is the case below.
it.each([['before-commit', momentMs]] as const)('kill -9 %s loses no grant', losesNone, 1_800_000);
often.each([['before-intent', () => null], ['after-intent', () => null], ['after-escrow', momentMs], ['after-commit', momentMs]] as const)('kill -9 %s loses no grant', losesNone, 1_800_000);

it.each([
  ['after-send', (round: number) => (round * 11) % 70],
  ['after-response', momentMs],
] as const)('kill -9 %s loses a grant when the answer was on its way or in memory alone, says so, and one consent repairs it', async (point, after) => {
  const lost: string[] = [];
  for (let round = 0; round < rounds; round += 1) {
    const causes = await cut({ point, afterMs: after(round) });
    lost.push(...causes);
    if (causes.length > 0) people = await Promise.all(simulator.users.slice(0, together).map(({ username }) => connect(username)));
  }
  count(point, lost);
  expect(lost.filter((cause) => cause !== 'rotation-lost')).toEqual([]);
  expect((await ingest.lease({ connectionId: people[0]?.connectionId })).epoch).toBeGreaterThan(0);
}, 1_800_000);
