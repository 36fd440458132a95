import { getConnection } from '@tributary/api-contracts';
import { migrate } from '@tributary/persistence';
import { startSimulator, type Simulator } from '@tributary/salesforce-simulator';
import { aServiceEnvironment, type ServiceEnvironment } from '@tributary/testing';
import { Client } from 'pg';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { VerifyChain } from '../audit/verify-chain.ts';
import { authMigrations } from '../auth.migrations.ts';
import { Asker, anAuthService, type RunningAuth } from '../spec-support/auth-service.harness.ts';
import { person, signInAs } from '../spec-support/people.harness.ts';

const [workspaceId, personId, connectionId] = ['0199aa00-0000-7000-8000-0000000000d1', '0199aa00-0000-7000-8000-0000000000d2', '0199aa00-0000-7000-8000-0000000000d3'];
let environment: ServiceEnvironment;
let simulator: Simulator;
let auth: RunningAuth;
let gateway: Asker;

beforeAll(async () => {
  [environment, simulator] = await Promise.all([aServiceEnvironment({ migrated: false }), startSimulator({ size: 'empty' })]);
  await migrate({ schema: 'auth', url: environment.databaseUrl('auth'), ownerUrl: environment.authOwnerUrl, entities: [], migrations: authMigrations.slice(0, 1) });
  const [user] = simulator.users;
  const { orgId } = simulator;
  const old = new Client({ connectionString: environment.databaseUrl('auth'), options: '-c search_path=auth' });
  await old.connect();
  await old.query("insert into workspace values ($1, $2, 'Acme', now())", [workspaceId, orgId]);
  await old.query("insert into person values ($1, $2, $3, $4, 'Ava', null, 'owner', now(), now())", [personId, workspaceId, orgId, user?.userId]);
  await old.query(`insert into connection (id, workspace_id, person_id, org_id, user_id, name, org_kind, user_name, username, state, instance_url, login_origin, created_at, changed_at)
    values ($1, $2, $3, $4, $5, 'Acme', 'developer', 'Ava', 'ava@acme.test', 'active', 'https://acme.my.salesforce.com', 'https://login.salesforce.com', now(), now())`, [connectionId, workspaceId, personId, orgId, user?.userId]);
  for (const text of ['First.', 'Second.', 'Third.']) await old.query("insert into audit_entry (workspace_id, connection_id, at, kind, text) values ($1, $2, now(), 'refreshed', $3)", [workspaceId, connectionId, text]);
  await old.end();
  auth = await anAuthService(environment, simulator);
  gateway = await Asker.as('gateway', environment);
});

afterAll(async () => {
  await gateway?.stop();
  await auth?.app.close();
  await simulator?.stop();
  await environment?.stop();
});

it('know themselves again by their Salesforce user, with workspace, role and connection', async () => {
  const known = person(await signInAs(auth, simulator, gateway, { user: 0 }));
  expect(known).toMatchObject({ personId, workspaceId, connectionId, role: 'owner' });
  expect(await gateway.ask(getConnection, { personId, connectionId })).toMatchObject({ visibility: 'private', owner: { isMe: true } });
  const { rows } = await auth.pool.query('select issuer, subject from person where id = $1', [personId]);
  expect(rows).toEqual([{ issuer: 'salesforce', subject: `${simulator.orgId}:${simulator.users[0]?.userId}` }]);
});

it('have their log as a chain from its first entry on', async () => {
  const { rows } = await auth.pool.query<{ text: string }>('select text from audit_entry where workspace_id = $1 order by sequence limit 3', [workspaceId]);
  expect(rows.map(({ text }) => text)).toEqual(['First.', 'Second.', 'Third.']);
  const chain = await auth.app.get(VerifyChain).whole(workspaceId);
  expect(chain).toEqual({ intact: true, entries: expect.any(Number) as number, brokenAt: null });
  expect(chain.entries).toBeGreaterThan(3);
});
