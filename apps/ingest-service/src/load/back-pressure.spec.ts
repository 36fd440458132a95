import { setTimeout as sleep } from 'node:timers/promises';
import { SqlPool } from '@tributary/persistence';
import { ObjectDescribe } from '@tributary/salesforce-client';
import { aServiceEnvironment, until, type ServiceEnvironment } from '@tributary/testing';
import { Client } from 'pg';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { planColumns } from '../describe/column-plan.ts';
import { copyCsvPage } from './stage.ts';
import { Substitutions } from './substitutions.ts';

const rows = 400_000;
const standsStillAt = 1_000;
const lock = 4_711;
let environment: ServiceEnvironment;
let pool: SqlPool;
let admin: Client;

beforeAll(async () => {
  environment = await aServiceEnvironment();
  pool = SqlPool.forService({ schema: 'ingest', url: environment.databaseUrl('ingest') });
  admin = new Client({ connectionString: environment.adminUrl });
  await admin.connect();
  await pool.query('create table stage_still (id text, note__c text, _deleted boolean)');
  // Like a database whose disk does not answer for a while.
  await pool.query(`create function stand_still() returns trigger language plpgsql as $$ begin if new.id = '${standsStillAt}' then perform pg_advisory_xact_lock(${lock}); end if; return new; end $$`);
  await pool.query('create trigger still before insert on stage_still for each row execute function stand_still()');
});

afterAll(async () => {
  await admin?.end();
  await pool?.end();
  await environment?.stop();
});

it('a database that stands still is not read ahead for: Salesforce is asked for no more until it goes on, and no row is lost', async () => {
  let read = 0;
  async function* body(): AsyncGenerator<Buffer> {
    yield Buffer.from('"Id","Note__c"\n');
    for (let from = 0; from < rows; from += 1_000) {
      const chunk = Buffer.from(Array.from({ length: 1_000 }, (_, index) => `"${from + index}","${'x'.repeat(90)}"\n`).join(''));
      read += chunk.length;
      yield chunk;
    }
  }
  const plan = planColumns(ObjectDescribe.parse({ name: 'Still__c', fields: [{ name: 'Id', type: 'id' }, { name: 'Note__c', type: 'string', length: 100 }] }), null);
  await admin.query('select pg_advisory_lock($1)', [lock]);
  const copied = pool.transaction((client) => copyCsvPage(client, body(), { stage: 'stage_still', columns: plan?.columns ?? [], page: 1, substitutions: new Substitutions(), onRows: () => undefined }));
  await until('the database stands still', async () => (await admin.query(`select from pg_stat_activity where wait_event_type = 'Lock' and wait_event = 'advisory'`)).rowCount === 1);
  await until('reading has stopped', async () => {
    const before = read;
    await sleep(500);
    return read === before;
  });
  // What lies in the buffers of a socket; the page has forty megabytes.
  expect(read).toBeLessThan(10e6);
  await admin.query('select pg_advisory_unlock($1)', [lock]);
  expect(await copied).toEqual({ rows, deleted: 0 });
  expect(read).toBeGreaterThan(38e6);
  expect((await pool.query<{ n: number; ids: number }>('select count(*)::int as n, count(distinct id)::int as ids from stage_still')).rows).toEqual([{ n: rows, ids: rows }]);
});
