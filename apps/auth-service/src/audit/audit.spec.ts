import { randomUUID } from 'node:crypto';
import { EntityManager } from '@mikro-orm/postgresql';
import { connect } from '@nats-io/transport-node';
import { readAudit } from '@tributary/api-contracts';
import { deletionsConfirmed, PersonId } from '@tributary/event-contracts';
import { startSimulator, type Simulator } from '@tributary/salesforce-simulator';
import { aServiceEnvironment, until, type ServiceEnvironment } from '@tributary/testing';
import { Client } from 'pg';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { Operations } from '../operation/operations.ts';
import { anAuthService, Asker, type RunningAuth } from '../spec-support/auth-service.harness.ts';
import { connectAs } from '../spec-support/connected.harness.ts';
import { AuditAnchors } from './audit-anchors.ts';
import { AuditTrail } from './audit-trail.ts';
import { CheckChains } from './check-chains.ts';
import { VerifyChain } from './verify-chain.ts';

let environment: ServiceEnvironment;
let simulator: Simulator;
let auth: RunningAuth;
let admin: Client;
let lateMs = 0;

const chainOf = (workspaceId: string) => auth.app.get(VerifyChain).whole(workspaceId);

/** A workspace's log, written by parallel transactions of which some are given up. */
async function aLog(entries: number): Promise<string> {
  const workspaceId = randomUUID();
  const trail = auth.app.get(AuditTrail);
  await Promise.all(Array.from({ length: entries }, (_, turn) => auth.app.get(EntityManager).fork().transactional(async (em) => {
    await trail.addOfPeople(em, workspaceId, { kind: 'tested', text: `Entry ${turn}: ${'ü€,1:'.repeat(turn % 3)}`, ...(turn % 2 === 0 ? { cause: 'because' } : { personId: randomUUID() }) });
    if (turn % 5 === 4) throw new Error('given up');
  }).catch(() => undefined)));
  return workspaceId;
}

beforeAll(async () => {
  [environment, simulator] = await Promise.all([aServiceEnvironment(), startSimulator({ size: 'empty' })]);
  auth = await anAuthService(environment, simulator, { now: () => new Date(Date.now() + lateMs) });
  admin = new Client({ connectionString: environment.adminUrl, options: '-c search_path=auth -c session_replication_role=replica' });
  await admin.connect();
});

afterAll(async () => {
  await admin?.end();
  await auth?.app.close();
  await simulator?.stop();
  await environment?.stop();
});

it('numbers the entries of a workspace without a gap, whatever runs beside and is given up', async () => {
  const workspaceId = await aLog(50);
  const { rows } = await auth.pool.query<{ sequence: string }>('select sequence from audit_entry where workspace_id = $1 order by sequence', [workspaceId]);
  expect(rows.map(({ sequence }) => Number(sequence))).toEqual(Array.from({ length: 40 }, (_, index) => index + 1));
  expect(await chainOf(workspaceId)).toEqual({ intact: true, entries: 40, brokenAt: null });
});

it.each([
  ['update', "update audit_entry set text = 'x'"],
  ['delete', 'delete from audit_entry'],
  ['truncate', 'truncate audit_entry'],
])('refuses the role of the service an %s, and the trigger refuses even the superuser', async (_verb, statement) => {
  await aLog(1);
  await expect(auth.pool.query(statement)).rejects.toThrow(/permission denied|only ever added/);
  const superuser = new Client({ connectionString: environment.adminUrl, options: '-c search_path=auth' });
  await superuser.connect();
  await expect(superuser.query(statement)).rejects.toThrow(/only ever added/);
  await superuser.end();
});

it.each([
  ['a changed text', "update audit_entry set text = 'Nothing happened.' where workspace_id = $1 and sequence = 7", 7],
  ['a changed instant', "update audit_entry set at = at - interval '1 microsecond' where workspace_id = $1 and sequence = 3", 3],
  ['a cause moved to another member', "update audit_entry set cause = null, correlation_id = null where workspace_id = $1 and sequence = (select min(sequence) from audit_entry where workspace_id = $1 and cause is not null)", undefined],
  ['a removed entry', 'delete from audit_entry where workspace_id = $1 and sequence = 5', 5],
  ['a removed last entry', 'delete from audit_entry where workspace_id = $1 and sequence = 16', 16],
  ['an entry hashed anew by itself', "with changed as (update audit_entry set text = 'x' where workspace_id = $1 and sequence = 9 returning *) update audit_entry e set text = 'x', hash = 'y' from changed where e.id = changed.id", 9],
])('names the entry of %s', async (_what, tamper, brokenAt) => {
  const workspaceId = await aLog(20);
  await admin.query(tamper, [workspaceId]);
  const chain = await chainOf(workspaceId);
  expect(chain.intact).toBe(false);
  if (brokenAt !== undefined) expect(chain.brokenAt).toBe(brokenAt);
});

it('is anchored once a day, so that a chain rewritten as a whole is found as well', async () => {
  const workspaceId = await aLog(10);
  const anchors = auth.app.get(AuditAnchors);
  expect((await anchors.execute()).map((anchor) => anchor.workspaceId)).toContain(workspaceId);
  expect((await anchors.execute()).map((anchor) => anchor.workspaceId)).not.toContain(workspaceId);
  await admin.query('delete from audit_chain where workspace_id = $1', [workspaceId]);
  await admin.query(`do $$ declare entry audit_entry%rowtype; previous text := encode(sha256(convert_to('${workspaceId}', 'UTF8')), 'hex'); begin
    for entry in select * from audit_entry where workspace_id = '${workspaceId}' order by sequence loop
      entry.text := 'Rewritten.'; entry.hash := audit_hash(previous, entry); previous := entry.hash;
      update audit_entry set text = entry.text, hash = entry.hash where id = entry.id;
    end loop;
    insert into audit_chain values ('${workspaceId}', 8, previous); end $$`);
  expect(await chainOf(workspaceId)).toEqual({ intact: false, entries: 8, brokenAt: 8 });
  lateMs = 24 * 60 * 60_000;
  expect((await anchors.execute()).map((anchor) => anchor.workspaceId)).toContain(workspaceId);
});

it('is followed from the last anchor on when it is read; what was changed before it is found by the daily check and by the operator', async () => {
  const [whole, recent] = [await aLog(10), await aLog(10)];
  lateMs += 24 * 60 * 60_000;
  await auth.app.get(AuditAnchors).execute();
  const trail = auth.app.get(AuditTrail);
  for (const workspaceId of [whole, recent]) await auth.app.get(EntityManager).fork().transactional((em) => trail.addOfPeople(em, workspaceId, { kind: 'tested', text: 'After the anchor.' }));
  await admin.query("update audit_entry set text = 'x' where workspace_id = $1 and sequence = 3", [whole]);
  await admin.query("update audit_entry set text = 'x' where workspace_id = $1 and sequence = 9", [recent]);

  const verify = auth.app.get(VerifyChain);
  expect(await Promise.all([verify.sinceAnchor(whole), verify.sinceAnchor(recent)])).toEqual([{ intact: true, entries: 9, brokenAt: null }, { intact: false, entries: 9, brokenAt: 9 }]);
  const due = await auth.app.get(CheckChains).executeDue();
  expect(due.filter(({ workspaceId }) => [whole, recent].includes(workspaceId)).map(({ brokenAt }) => brokenAt).sort()).toEqual([3, 9]);
  expect(await auth.app.get(CheckChains).executeDue()).toEqual([]);
  expect(await auth.app.get(Operations).run('verify-audit', {})).toMatchObject({ intact: false, chains: expect.arrayContaining([{ workspaceId: whole, intact: false, entries: 9, brokenAt: 3 }]) });
});

it('says on the page of its owners what the last check of the whole chain found', async () => {
  const gateway = await Asker.as('gateway', environment);
  const { personId, workspaceId: id } = await connectAs(auth, simulator, gateway);
  const page = async () => (await gateway.ask(readAudit, { personId, limit: 5 })).chain;
  await auth.app.get(CheckChains).execute();
  lateMs += 24 * 60 * 60_000;
  await auth.app.get(AuditAnchors).execute();
  await admin.query("update audit_entry set text = 'x' where workspace_id = $1 and sequence = 1", [id]);
  expect(await page()).toMatchObject({ intact: true, brokenAt: null, checkedAt: expect.any(String) });
  await auth.app.get(CheckChains).executeDue();
  expect(await page()).toMatchObject({ intact: false, brokenAt: 1 });
  await gateway.stop();
});

it('notes once who confirmed that rows held back are gone, however often that is told', async () => {
  const gateway = await Asker.as('gateway', environment);
  const others = await connect({ servers: `127.0.0.1:${environment.nats.port}`, user: 'observer', pass: 'observer' });
  const { personId, connectionId } = await connectAs(auth, simulator, gateway);
  const noted = async () => (await gateway.ask(readAudit, { personId, limit: 20 })).records.filter(({ kind }) => kind === 'deletions-confirmed');
  const told = deletionsConfirmed.create({ connectionId, personId: PersonId.parse(personId), object: 'Opportunity', rows: 1_204 });
  const later = deletionsConfirmed.create({ connectionId, personId: PersonId.parse(personId), object: 'Account', rows: 1 });
  for (const event of [told, told, later]) others.publish(deletionsConfirmed.subject(connectionId), JSON.stringify(event));
  await until('both entries', async () => (await noted()).length >= 2);
  expect((await noted()).map(({ text, connectionId: about }) => ({ text, about }))).toEqual([
    { text: 'One row of Account held back as missing was confirmed to be gone at Salesforce.', about: connectionId },
    { text: '1204 rows of Opportunity held back as missing were confirmed to be gone at Salesforce.', about: connectionId }]);
  await others.close();
  await gateway.stop();
});
