import { startSimulator, type Simulator } from '@tributary/salesforce-simulator';
import { aServiceEnvironment, ended, until, type ServiceEnvironment } from '@tributary/testing';
import { OwnPostgres } from '@tributary/testing/own-postgres';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { Asker, anAuthService, type RunningAuth } from '../spec-support/auth-service.harness.ts';
import { connectAs, refreshesOf, type ConnectedPerson } from '../spec-support/connected.harness.ts';
import { RefreshGrant } from './refresh-grant.ts';
import { RefreshProgress } from './refresh-progress.ts';

let environment: ServiceEnvironment;
let postgres: OwnPostgres;
let simulator: Simulator;
let auth: RunningAuth;
let gateway: Asker;
let ingest: Asker;
let person: ConnectedPerson;

beforeAll(async () => {
  [postgres, simulator] = await Promise.all([OwnPostgres.start(), startSimulator({ size: 'empty' })]);
  environment = await aServiceEnvironment({ postgresUrl: postgres.url });
  auth = await anAuthService(environment, simulator);
  [gateway, ingest] = await Promise.all([Asker.as('gateway', environment), Asker.as('ingest', environment)]);
  person = await connectAs(auth, simulator, gateway);
}, 120_000);

afterAll(async () => {
  await Promise.all([gateway?.stop(), ingest?.stop()]);
  await ended('auth-service', auth.app.close());
  await ended('PostgreSQL', postgres.stop());
  await ended('the simulator', simulator.stop());
  await ended('the broker', environment.stop());
});

it('has the new token although PostgreSQL was killed between the answer of Salesforce and the commit', async () => {
  const { epoch } = await ingest.lease(person);
  simulator.log.clear();
  const progress = auth.app.get(RefreshProgress);
  progress.reached = async (point) => {
    if (point !== 'after-escrow') return;
    progress.reached = async () => undefined;
    await postgres.kill();
  };
  const refresh = auth.app.get(RefreshGrant).execute(person.connectionId, epoch).catch((error: unknown) => error);
  await until('PostgreSQL is gone', async () => auth.pool.query('select 1').then(() => false, () => true), 20_000);
  await postgres.restart();
  await refresh;
  const lease = await until('the token is there', async () => ingest.lease({ connectionId: person.connectionId, minEpoch: epoch + 1 }).catch(() => undefined), 40_000);
  expect([lease.epoch, refreshesOf(simulator)]).toEqual([epoch + 1, [200]]);
  expect((await fetch(`${lease.instanceUrl}/services/oauth2/userinfo`, { headers: { authorization: `Bearer ${lease.accessToken}` } })).status).toBe(200);
}, 120_000);
