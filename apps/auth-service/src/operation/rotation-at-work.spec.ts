import { randomBytes } from 'node:crypto';
import { Failure, Secret } from '@tributary/failures';
import { startSimulator, type Simulator } from '@tributary/salesforce-simulator';
import { eachInParallel } from '@tributary/service-kit';
import { aServiceEnvironment, until, type ServiceEnvironment } from '@tributary/testing';
import { Client } from 'pg';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { Asker } from '../spec-support/auth-service.harness.ts';
import { AuthProcess, buildEndedService } from '../spec-support/auth-processes.harness.ts';
import { connectAs } from '../spec-support/connected.harness.ts';
import { operate } from '../spec-support/operate.harness.ts';
import { KeyRing } from '../vault/key-ring.ts';

// TRIBUTARY_TEST_CONNECTIONS=2000 runs it in full.
const count = Number(process.env['TRIBUTARY_TEST_CONNECTIONS'] ?? 12);
const connectAtOnce = 8;
const refreshersAtOnce = 4;
const borrowersAtOnce = 4;

const [oldKey, newKey] = [randomBytes(32).toString('base64'), randomBytes(32).toString('base64')];
const idOf = (key: string): string => KeyRing.parse(Secret.of(key)).sealing.id;

let environment: ServiceEnvironment;
let simulator: Simulator;
let services: AuthProcess[] = [];
let gateway: Asker;
let ingest: Asker;
let admin: Client;
let ids: readonly string[];

beforeAll(async () => {
  [environment, simulator] = await Promise.all([aServiceEnvironment(), startSimulator({ size: 'empty' }), buildEndedService()]);
  // Both know both keys, and seal with the old one: so far the rotation has changed nothing (key-order.spec.ts).
  services = [await start(`${oldKey},${newKey}`), await start(`${oldKey},${newKey}`)];
  [gateway, ingest] = await Promise.all([Asker.as('gateway', environment), Asker.as('ingest', environment)]);
  admin = new Client({ connectionString: environment.adminUrl });
  await admin.connect();
  const usernames = Array.from({ length: count }, (_, index) => `rotation-${index}@example.test`);
  for (const Username of usernames) simulator.org.insert('User', { Username, Name: Username, LastName: Username, Email: Username, IsActive: true, UserType: 'Standard' });
  ids = await eachInParallel(usernames, connectAtOnce, connect);
}, 7_200_000);

afterAll(async () => {
  await Promise.all(services.map((service) => service.kill()));
  await Promise.all([gateway?.stop(), ingest?.stop(), admin?.end()]);
  await simulator?.stop();
  await environment?.stop();
});

const start = async (masterKeys: string, dataFolder?: string): Promise<AuthProcess> => AuthProcess.start(environment, simulator, dataFolder, { TRIBUTARY_MASTER_KEY: masterKeys });

/** One process after the other, while the other answers. */
async function restartRolling(masterKeys: string): Promise<void> {
  for (const [index, service] of services.entries()) {
    await service.stop();
    services[index] = await start(masterKeys, service.dataFolder);
  }
}

async function connect(username: string): Promise<string> {
  return (await connectAs({ origin: services[0]?.origin ?? '' }, simulator, gateway, { username })).connectionId;
}

async function keysByMasterKey(): Promise<Record<string, number>> {
  const { rows } = await admin.query<{ id: string; keys: number }>('select kek_id as id, count(*)::int as keys from auth.vault_key group by kek_id');
  return Object.fromEntries(rows.map(({ id, keys }) => [id, keys]));
}

interface Span {
  readonly fromMs: number;
  readonly toMs: number;
}

/** Leases and refreshes of all connections in turn, by callers who take no for an answer: whatever they are told but a token is counted. */
class Traffic {
  readonly failures: string[] = [];
  readonly refreshes: Span[] = [];
  leases = 0;
  #going = true;
  readonly #all: Promise<unknown>;

  constructor(private readonly epochs: Map<string, number>) {
    const each = (callers: number, work: (id: string) => Promise<void>): Promise<void>[] => Array.from({ length: callers }, async (_, caller) => this.#go([...epochs.keys()].filter((_id, index) => index % callers === caller), work));
    this.#all = Promise.all([...each(refreshersAtOnce, async (id) => this.#refresh(id)), ...each(borrowersAtOnce, async (id) => this.#lease(id))]);
  }

  /** Ends once so many more refreshes are through, or one has failed. */
  async refreshed(more: number): Promise<void> {
    const wanted = this.refreshes.length + more;
    await until(`${more} more refreshes`, () => this.refreshes.length >= wanted || this.failures.length > 0, 3_600_000);
  }

  async stop(): Promise<void> {
    this.#going = false;
    await this.#all;
  }

  async #go(ids: readonly string[], work: (id: string) => Promise<void>): Promise<void> {
    while (this.#going) {
      for (const id of ids) {
        if (!this.#going) return;
        await work(id).catch((error: unknown) => this.failures.push(error instanceof Failure ? `${error.code} ${JSON.stringify(error.details)}` : String(error)));
      }
    }
  }

  async #refresh(connectionId: string): Promise<void> {
    const fromMs = performance.now();
    const rejectedEpoch = this.epochs.get(connectionId) ?? 0;
    const { epoch } = await ingest.lease({ connectionId, rejectedEpoch });
    if (epoch !== rejectedEpoch + 1) throw new Error(`epoch ${epoch} follows ${rejectedEpoch}`);
    this.epochs.set(connectionId, epoch);
    this.refreshes.push({ fromMs, toMs: performance.now() });
  }

  async #lease(connectionId: string): Promise<void> {
    await ingest.lease({ connectionId });
    this.leases += 1;
  }
}

it(`is changed while ${count} connections are at work: no refresh and no lease fails, the old key is left nothing, and the new one opens all alone`, async () => {
  const epochs = await eachInParallel(ids, connectAtOnce, async (connectionId) => [connectionId, (await ingest.lease({ connectionId })).epoch] as const);
  expect(await keysByMasterKey()).toEqual({ [idOf(oldKey)]: count });
  const traffic = new Traffic(new Map(epochs));
  const beganMs = performance.now();
  await restartRolling(`${newKey},${oldKey}`);
  await traffic.refreshed(refreshersAtOnce);
  const fromMs = performance.now();
  const { answer } = await operate(services[0]?.dataFolder ?? '', 'rewrap');
  const toMs = performance.now();
  await traffic.refreshed(refreshersAtOnce);
  await restartRolling(newKey);
  await traffic.refreshed(count);
  const seconds = (performance.now() - beganMs) / 1_000;
  await traffic.stop();
  const meanwhile = traffic.refreshes.filter((refresh) => refresh.fromMs < toMs && refresh.toMs > fromMs).length;
  const tookMs = traffic.refreshes.map((refresh) => refresh.toMs - refresh.fromMs).sort((a, b) => a - b);
  process.stdout.write(`${count} connections in 2 processes, the master key changed: ${traffic.refreshes.length} refreshes (${(traffic.refreshes.length / seconds).toFixed(1)}/s) and ${traffic.leases} leases, ${traffic.failures.length} failed; ${String(answer['rewrapped'])} keys wrapped anew in ${((toMs - fromMs) / 1_000).toFixed(1)} s with ${meanwhile} refreshes meanwhile; a refresh took ${Math.round(tookMs[tookMs.length >> 1] ?? 0)} ms (median), ${Math.round(tookMs.at(-1) ?? 0)} ms (longest)\n`);
  expect(traffic.failures).toEqual([]);
  expect(meanwhile).toBeGreaterThanOrEqual(refreshersAtOnce);
  expect(answer).toMatchObject({ rewrapped: count, unreadable: 0, complete: true, wrappedBy: { [idOf(newKey)]: count } });
  expect(await keysByMasterKey()).toEqual({ [idOf(newKey)]: count });
  expect((await admin.query("select from auth.connection where state not in ('active', 'refreshing')")).rowCount).toBe(0);
}, 7_200_000);
