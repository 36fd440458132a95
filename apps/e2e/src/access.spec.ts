import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { until } from '@tributary/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ApiClient } from './harness/api-client.ts';
import { tributary as runCommand, type Ended } from './harness/command-line.ts';
import { theProduct } from './harness/product.ts';
import { SimulatorControl } from './harness/simulator-control.ts';

interface Connection {
  readonly state: string;
  readonly flow: string | null;
  readonly policy: string;
  readonly attention: { readonly cause: string; readonly text: string } | null;
  readonly ways: readonly { readonly kind: string; readonly state: string; readonly endedBecause: string | null }[];
  readonly lastWay: { readonly flow: string; readonly purpose: string; readonly reason: string } | null;
  readonly timeline: readonly { readonly kind: string }[];
  readonly sync: { readonly openRun: unknown; readonly lastRun: { readonly id: string; readonly status: string } | null } | null;
}

/** Access that goes on without the person, from the key to the day their consent dies; each test goes on where the one before ended. */
describe('access without the person', { timeout: 90_000 }, () => {
  const { url, simulatorOrigin, dataDir } = theProduct();
  const simulator = new SimulatorControl(simulatorOrigin);
  const owner = new ApiClient(url);
  const person = new ApiClient(url);
  let [username, ownerName, another, unapproved] = ['', '', '', ''];
  let id = '';

  const connection = (): Promise<Connection> => person.read<Connection>(`/api/connections/${id}`);
  const prove = async (): Promise<{ proven: boolean; cause: string | null; steps: string[]; tries: unknown[] }> =>
    (await person.ask<{ proven: boolean; cause: string | null; steps: string[]; tries: unknown[] }>('POST', `/api/connections/${id}/jwt-proof`, {})).body;

  /** Runs a sync and waits for its end. */
  async function sync(): Promise<string> {
    await until('no run is open', async () => (await connection()).sync?.openRun === null, 60_000);
    // A connection that was resumed this moment says for another one that it is paused.
    const runId = await until('a run began', async () => {
      const { status, body } = await person.ask<{ run: { id: string } }>('POST', `/api/connections/${id}/sync-runs`, {});
      return status === 200 || status === 201 ? body.run.id : undefined;
    }, 20_000);
    return until('the run ended', async () => {
      const { status } = await person.read<{ status: string }>(`/api/connections/${id}/sync-runs/${runId}`);
      return status === 'running' ? undefined : status;
    }, 60_000);
  }

  beforeAll(async () => {
    const { users } = await simulator.facts();
    const name = (place: number): string => users[place]?.username ?? '';
    [ownerName, username, another, unapproved] = [name(0), name(5), name(9), name(10)];
    // The first of an org owns the workspace.
    await owner.signIn(simulator, ownerName);
    id = await person.signIn(simulator, username);
  }, 120_000);

  afterAll(async () => {
    await person.syncRarely(id);
  });

  it('is not there before an administrator has the certificate, and the proof says what to do', async () => {
    const { status, body } = await owner.ask<{ id: string; state: string }>('POST', '/api/signing-keys', {});
    expect([status, body.state]).toEqual([201, 'created']);
    const certificate = await owner.read<{ pem: string }>(`/api/signing-keys/${body.id}/certificate`);
    const stateOf = async () => (await owner.read<{ keys: { id: string; state: string }[] }>('/api/signing-keys')).keys.find(({ id: key }) => key === body.id)?.state;
    expect(await stateOf()).toBe('created');
    expect(await owner.ask('POST', `/api/signing-keys/${body.id}/offer`)).toMatchObject({ status: 200, body: { id: body.id, state: 'offered' } });
    expect(await stateOf()).toBe('offered');
    const proof = await prove();
    expect(proof).toMatchObject({ proven: false, cause: 'certificate-mismatch' });
    expect(proof.steps.length).toBeGreaterThan(0);
    // What an administrator does at Salesforce: upload the certificate, and approve the user for the app.
    await simulator.registerCertificate(certificate.pem);
    await simulator.settings({ preauthorisedUsers: [username] });
  });

  it('is proven once they have, and then carries work in the background', async () => {
    expect(await prove()).toMatchObject({ proven: true, cause: null });
    expect(await connection()).toMatchObject({ policy: 'hybrid', ways: [{ kind: 'user', state: 'live' }, { kind: 'jwt', state: 'live' }] });
    expect(await sync()).toBe('complete');
    await until('the page says which way carried the work', async () => (await connection()).lastWay?.flow === 'jwt-bearer');
    expect((await connection()).lastWay?.reason).toMatch(/assertion/i);
  });

  it('goes on when everything the person consented to is revoked at Salesforce', async () => {
    await simulator.revoke(username);
    expect(await sync()).toBe('complete');
    expect((await connection()).state).toBe('active');
  });

  it('stops while it is paused, and goes on afterwards', async () => {
    expect((await person.ask('POST', `/api/connections/${id}/pause`, {})).status).toBe(200);
    expect((await connection()).state).toBe('paused');
    expect((await person.ask('POST', `/api/connections/${id}/resume`, {})).status).toBe(200);
    expect((await connection()).state).toBe('active');
    expect(await sync()).toBe('complete');
  });

  it('is examined by the doctor, with evidence for every check', async () => {
    const { status, body } = await person.ask<{ checks: { code: string; outcome: string; evidence: string; fix: string | null }[] }>('POST', `/api/connections/${id}/doctor`, {});
    expect(status).toBe(200);
    expect(body.checks.length).toBeGreaterThan(10);
    for (const check of body.checks) expect([check.code, check.evidence.length > 0, check.outcome === 'ok' || check.outcome === 'skipped' || check.fix !== null]).toEqual([check.code, true, true]);
    expect(body.checks.filter(({ outcome }) => outcome === 'fail')).toEqual([]);
  });

  describe('by command line, without a browser', () => {
    const tributary = (as: string, ...parameters: string[]): Promise<Ended> => runCommand(dataDir, as, ...parameters);

    it('lists connections and keys', async () => {
      expect(await tributary(username, 'list')).toEqual({ exit: 0, answer: expect.arrayContaining([expect.objectContaining({ id, state: 'active' })]) });
      expect(await tributary(ownerName, 'keys', 'list')).toMatchObject({ exit: 0, answer: { keys: expect.arrayContaining([expect.objectContaining({ state: 'current' })]) } });
    });

    it('examines, with exit code 0 when nothing fails', async () => {
      const { exit, answer } = await tributary(username, 'doctor', id);
      expect([exit, (answer as { checks: { code: string; outcome: string }[] }).checks.find(({ code }) => code === 'certificate')?.outcome]).toEqual([0, 'ok']);
    });

    it('copies now and waits for the end', async () => {
      expect(await tributary(username, 'sync', id)).toMatchObject({ exit: 0, answer: { status: 'complete' } });
    });

    it('writes the rows of an object to a file', async () => {
      const file = join(await mkdtemp(join(tmpdir(), 'tributary-export-')), 'users.jsonl');
      const { exit, answer } = await tributary(username, 'export', 'User', '--connection', id, '--format', 'jsonl', '--output', file);
      const { rows } = answer as { rows: number };
      const lines = (await readFile(file, 'utf8')).trimEnd().split('\n');
      expect([exit, rows > 0, lines.length, typeof (JSON.parse(lines[0] ?? '') as { Id?: unknown }).Id]).toEqual([0, true, rows, 'string']);
      await rm(dirname(file), { recursive: true });
    });

    it('connects a user by signed assertion, pauses, and ends the access again', async () => {
      await simulator.settings({ preauthorisedUsers: [username, another] });
      const connected = await tributary(ownerName, 'connect', another);
      expect(connected).toMatchObject({ exit: 0, answer: { connectionId: expect.any(String), proof: { proven: true } } });
      const { connectionId } = connected.answer as { connectionId: string };
      const site = 'https://northwind.my.site.com/customers';
      await simulator.settings({ siteUsers: [{ username: another, site }] });
      expect(await tributary(ownerName, 'connect', another)).toMatchObject({ exit: 4, answer: { code: 'wrong-audience' } });
      expect(await tributary(ownerName, 'connect', another, '--site', site)).toMatchObject({ exit: 0, answer: { connectionId, proof: { tries: [{ audience: site }] } } });
      await simulator.settings({ siteUsers: [] });
      expect(await tributary(ownerName, 'pause', connectionId)).toEqual({ exit: 0, answer: { id: connectionId, state: 'paused' } });
      expect(await tributary(ownerName, 'revoke', connectionId, '--data', 'erase')).toMatchObject({ exit: 0, answer: { id: connectionId, revoked: true, data: 'erase' } });
      await until('it is gone', async () => ((await tributary(ownerName, 'list')).answer as { id: string; state: string }[]).every((one) => one.id !== connectionId || one.state === 'purged'), 30_000);
    });

    it('reads the audit logs as a whole', async () => {
      expect(await tributary(ownerName, 'operate', 'verify-audit')).toMatchObject({ exit: 0, answer: { intact: true, chains: expect.arrayContaining([expect.objectContaining({ brokenAt: null })]) } });
    });

    it.each<[string, number, string, () => string[]]>([
      ['a connection nobody knows', 1, 'CONNECTION_UNKNOWN', () => ['doctor', '0199aa00-0000-7000-8000-000000000001']],
      ['a site that is none', 1, 'SITE_NOT_ALLOWED', () => ['connect', another, '--site', 'https://evil.example']],
      ['a user who was not approved', 4, 'not-pre-authorised', () => ['connect', unapproved]],
      ['a person nobody knows', 1, 'PERSON_UNKNOWN', () => ['--as', 'nobody@example.com', 'list']],
      ['a data folder in which nothing runs', 3, 'PRODUCT_NOT_RUNNING', () => ['--data-dir', tmpdir(), 'list']],
    ])('tells of %s by its exit code and a code for scripts', async (_what, exit, code, parameters) => {
      expect(await tributary(ownerName, ...parameters())).toEqual({ exit, answer: { code, error: expect.any(String) } });
    });
  });

  it('leaves its whole story in an audit log that only the owner reads, and that is one chain', async () => {
    const { records, chain } = await owner.read<{ records: { kind: string; connectionId: string | null }[]; chain: unknown }>('/api/audit?limit=200');
    expect(chain).toMatchObject({ intact: true, brokenAt: null });
    expect(records.filter(({ connectionId }) => connectionId === id).map(({ kind }) => kind)).toEqual(expect.arrayContaining(['consented']));
    expect((await person.get('/api/audit')).status).toBe(403);
  });
});
