import { randomUUID } from 'node:crypto';
import { connectionSyncs, readAudit, readWorkspace, renameWorkspace, WorkspaceChange, type ConnectionSync } from '@tributary/api-contracts';
import { deletionsConfirmed, runFinished, SyncRunId } from '@tributary/event-contracts';
import { connect, type NatsConnection } from '@nats-io/transport-node';
import { until } from '@tributary/testing';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { AuthHarness } from '../spec-support/auth.harness.ts';
import type { ConnectedPerson } from '../spec-support/connected.harness.ts';

let harness: AuthHarness;
let owner: ConnectedPerson;
let analyst: ConnectedPerson;
let ingest: NatsConnection;
/** What ingest-service has copied as the name of the org. */
let orgName: string | null = null;
let asked = 0;

const sync = (): ConnectionSync => ({ warehouseSchema: null, orgName, lastRun: null, openRun: null, lastSyncAt: null, nextSyncAt: null, intervalSeconds: 300, apiUsage: null });

beforeAll(async () => {
  harness = await AuthHarness.start();
  [owner, analyst] = [await harness.connect(0), await harness.connect(1)];
  ingest = await connect({ servers: `127.0.0.1:${harness.environment.nats.port}`, user: 'ingest', pass: 'ingest', inboxPrefix: '_INBOX_ingest' });
  ingest.subscribe(connectionSyncs.subject, {
    callback: (_error, message) => {
      asked += 1;
      const { connectionIds } = connectionSyncs.request.parse(message.json());
      message.respond(JSON.stringify({ reply: { syncs: Object.fromEntries(connectionIds.map((id) => [id, sync()])) } }));
    },
  });
  await ingest.flush();
});

afterAll(async () => {
  await ingest?.close();
  await harness?.stop();
});

beforeEach(() => void (asked = 0));

const nameFor = async ({ personId }: ConnectedPerson) => (await harness.gateway.ask(readWorkspace, { personId })).name;
const audited = async () => (await harness.gateway.ask(readAudit, { personId: owner.personId })).records.filter(({ kind }) => kind.startsWith('workspace-')).map(({ kind, person, text }) => ({ kind, person, text }));

/** ingest-service tells that a run of a connection has ended. */
function aRunEnds({ connectionId }: ConnectedPerson): void {
  harness.others.publish(runFinished.subject(connectionId), JSON.stringify(runFinished.create({ connectionId, runId: SyncRunId.parse(randomUUID()), outcome: 'complete', reasons: [], rows: 1 })));
}

describe('a workspace', () => {
  it('is called by the address of its org as long as nothing else is known of it', async () => {
    aRunEnds(owner);
    await until('it was asked', () => asked === 1);
    expect([await nameFor(owner), await audited()]).toEqual([new URL(harness.simulator.orgOrigin).host, []]);
  });

  it.each(['Evil\u202eprorC', 'two\nlines', 'x'.repeat(81), '   '])('does not take %j for the name of its org', async (name) => {
    orgName = name;
    aRunEnds(owner);
    await until('it was asked', () => asked === 1);
    expect(await nameFor(owner)).toBe(new URL(harness.simulator.orgOrigin).host);
  });

  it('is called like its org once that name was copied, for everybody, which the audit log tells', async () => {
    orgName = ' Northwind Traders ';
    aRunEnds(owner);
    await until('it has the name', async () => (await nameFor(owner)) === 'Northwind Traders');
    expect(await nameFor(analyst)).toBe('Northwind Traders');
    expect(await audited()).toEqual([{ kind: 'workspace-named', person: null, text: expect.stringContaining('Northwind Traders') }]);
  });

  it('is renamed by an owner, and by nobody else, which the audit log tells', async () => {
    await expect(harness.gateway.ask(renameWorkspace, { personId: analyst.personId, name: 'Mine' })).rejects.toMatchObject({ code: 'ROLE_INSUFFICIENT', kind: 'forbidden' });
    expect(await harness.gateway.ask(renameWorkspace, { personId: owner.personId, name: 'Sales of Northwind' })).toMatchObject({ name: 'Sales of Northwind' });
    expect([await nameFor(owner), await nameFor(analyst)]).toEqual(['Sales of Northwind', 'Sales of Northwind']);
    expect((await audited())[0]).toMatchObject({ kind: 'workspace-renamed', person: expect.any(String), text: expect.stringContaining('from Northwind Traders to Sales of Northwind') });
  });

  it('keeps the name it has: a run changes it no more', async () => {
    orgName = 'Another Name';
    aRunEnds(owner);
    // Events are heard in their order: once a later one is in the audit log, this one is through.
    const { connectionId } = owner;
    harness.others.publish(deletionsConfirmed.subject(connectionId), JSON.stringify(deletionsConfirmed.create({ connectionId, personId: owner.personId, object: 'Account', rows: 1 })));
    await until('the later event', async () => (await harness.gateway.ask(readAudit, { personId: owner.personId })).records.some(({ kind }) => kind === 'deletions-confirmed'));
    expect([asked, await nameFor(owner)]).toEqual([0, 'Sales of Northwind']);
  });
});

it.each(['', '   ', 'x'.repeat(81), 'two\nlines', 'nul\0', 'half \ud800', 'Evil\u202eprorC', 'in\u200bvisible'])('the name %j is refused', (name) => {
  expect(WorkspaceChange.safeParse({ name }).success).toBe(false);
});

it.each([[' Acme  ', 'Acme'], ['日本株式会社 & <Söhne>', '日本株式会社 & <Söhne>'], ['👩‍💻 Team', '👩‍💻 Team']])('the name %j is taken', (name, kept) => {
  expect(WorkspaceChange.parse({ name })).toEqual({ name: kept });
});
