import 'reflect-metadata';
import { EntityManager, MikroORM } from '@mikro-orm/postgresql';
import { Module, type INestApplicationContext } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { ConnectionId, OrgId, tokenReady } from '@tributary/event-contracts';
import { ServiceKitModule } from '@tributary/service-kit';
import { aServiceEnvironment, ended, until, type ServiceEnvironment } from '@tributary/testing';
import { Client } from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { boundedConnections, defineMigration, Inbox, migrate, Outbox, PersistenceModule, SqlPool, type PersistenceOptions } from './index.ts';

const connectionId = ConnectionId.parse('0199aa00-0000-7000-8000-000000000001');
const anEvent = () => tokenReady.create({ connectionId, orgId: OrgId.parse('00DXX0000001abcEAA'), epoch: 1, flow: 'refresh-token' });

const notes = defineMigration('0001-notes', ['create table note (id bigint generated always as identity primary key, text text not null unique)']);
let environment: ServiceEnvironment;
let app: INestApplicationContext;
let pool: SqlPool;

function options(schema = 'gateway', migrations = [notes]): PersistenceOptions {
  return { schema, url: environment.databaseUrl('gateway'), entities: [], migrations };
}

async function count(table: string): Promise<number> {
  const { rows } = await pool.query<{ count: string }>(`select count(*) from ${table}`);
  return Number(rows[0]?.count);
}

beforeAll(async () => {
  environment = await aServiceEnvironment();
  @Module({ imports: [ServiceKitModule.forService(), await PersistenceModule.forService(options())] })
  class ServiceModule {}
  app = await NestFactory.createApplicationContext(ServiceModule, { logger: false, abortOnError: false });
  pool = app.get(SqlPool);
});

afterAll(async () => {
  await app?.close();
  await environment?.stop();
});

describe('a migration', () => {
  it('is applied once, however often and from however many replicas it is asked for', async () => {
    await Promise.all(Array.from({ length: 4 }, () => migrate(options())));
    await migrate(options());
    const { rows } = await pool.query<{ name: string }>('select name from migration order by id');
    expect(rows.map(({ name }) => name)).toEqual(['0000-bus-tables', '0001-notes']);
  });

  it('that comes later is added to what is there', async () => {
    await migrate(options('gateway', [notes, defineMigration('0002-colour', ["alter table note add colour text not null default 'blue'"])]));
    await pool.query("insert into note (text) values ('kept')");
    expect((await pool.query<{ colour: string }>('select colour from note')).rows).toEqual([{ colour: 'blue' }]);
  });

  it('that fails leaves nothing of its batch', async () => {
    const broken = defineMigration('0003-broken', ['create table half (id int)', 'select 1 / 0']);
    await expect(migrate(options('gateway', [notes, broken]))).rejects.toThrow(/division by zero/);
    expect((await pool.query("select to_regclass('half') as found")).rows).toEqual([{ found: null }]);
    expect((await pool.query("select 1 from migration where name = '0003-broken'")).rowCount).toBe(0);
  });

  it('does not let one service into the schema of another', async () => {
    await expect(migrate({ ...options('ingest'), url: environment.databaseUrl('gateway') })).rejects.toThrow(/permission denied/);
  });
});

describe('the outbox', () => {
  it('refuses an event outside a transaction', async () => {
    await expect(app.get(Outbox).add(app.get(EntityManager).fork(), anEvent())).rejects.toMatchObject({ code: 'OUTBOX_WITHOUT_TRANSACTION' });
    expect(await count('outbox')).toBe(0);
  });

  it('keeps the event with the state it tells of, and loses both together', async () => {
    const em = app.get(EntityManager);
    await expect(em.fork().transactional(async (tx) => {
      await tx.execute("insert into note (text) values ('lost')");
      await app.get(Outbox).add(tx, anEvent());
      throw new Error('changed my mind');
    })).rejects.toThrow('changed my mind');
    expect(await count("note where text = 'lost'")).toBe(0);
    expect(await count('outbox')).toBe(0);

    const event = anEvent();
    await em.fork().transactional(async (tx) => app.get(Outbox).add(tx, event));
    const { rows } = await pool.query<{ event_id: string; subject: string; payload: unknown }>('select event_id, subject, payload from outbox');
    expect(rows).toEqual([{ event_id: event.id, subject: tokenReady.subject(connectionId), payload: event }]);
  });

  it('takes an event only once', async () => {
    const event = anEvent();
    await pool.transaction(async (client) => app.get(Outbox).addWith(client, event));
    await expect(pool.transaction(async (client) => app.get(Outbox).addWith(client, event))).rejects.toThrow(/duplicate key/);
  });

  it('refuses an event that is too large for the bus', async () => {
    const large = { ...anEvent(), source: 'x'.repeat(64 * 1024) };
    await expect(pool.transaction(async (client) => app.get(Outbox).addWith(client, large))).rejects.toMatchObject({ code: 'EVENT_TOO_LARGE' });
  });
});

describe('the inbox', () => {
  const once = (consumer: string, event: { readonly id: string }, text: string) =>
    app.get(Inbox).once(consumer, event, async (em) => void (await em.execute('insert into note (text) values (?)', [text])));

  it('applies an event once when ten deliveries meet', async () => {
    const event = anEvent();
    let number = 0;
    const results = await Promise.all(Array.from({ length: 10 }, () => once('ingest_auth', event, `once-${number++}`)));
    expect(results.filter((result) => result === 'applied')).toHaveLength(1);
    expect(await count("note where text like 'once-%'")).toBe(1);
  });

  it('applies it for every consumer', async () => {
    const event = anEvent();
    expect([await once('a', event, 'for-a'), await once('b', event, 'for-b'), await once('a', event, 'again')]).toEqual(['applied', 'applied', 'duplicate']);
  });

  it('forgets that it was handled when the work fails', async () => {
    const event = anEvent();
    await expect(app.get(Inbox).once('c', event, async () => Promise.reject(new Error('broken')))).rejects.toThrow('broken');
    expect(await once('c', event, 'second try')).toBe('applied');
  });
});

describe('a transaction of the plain pool', () => {
  it('is kept as a whole or not at all', async () => {
    await expect(pool.transaction(async (client) => {
      await client.query("insert into note (text) values ('half')");
      await client.query('select 1 / 0');
    })).rejects.toThrow(/division by zero/);
    expect(await count("note where text = 'half'")).toBe(0);
    expect(await pool.transaction(async (client) => (await client.query<{ one: number }>('select 1 as one')).rows[0]?.one)).toBe(1);
  });

  it('fails alone when its backend is killed: the process lives, the pool goes on', async () => {
    const killed = pool.transaction(async (client) => {
      const { rows } = await client.query<{ pid: number }>('select pg_backend_pid() as pid');
      await kill(rows[0]?.pid);
      await client.query('select 1');
    });
    await expect(killed).rejects.toThrow(/terminat|not queryable/i);
    expect(await count('outbox')).toBeGreaterThan(0);
    expect(pool.totalCount - pool.idleCount).toBe(0);
  });

  it('does not hand out an idle connection that was killed meanwhile', async () => {
    const { rows } = await pool.query<{ pid: number }>('select pg_backend_pid() as pid');
    await kill(rows[0]?.pid);
    await expect.poll(() => pool.query('select 1').then(() => true, () => false)).toBe(true);
  });
});

async function kill(pid: number | undefined): Promise<void> {
  const admin = new Client({ connectionString: environment.adminUrl });
  await admin.connect();
  await admin.query('select pg_terminate_backend($1, 2000)', [pid]);
  await admin.end();
}

describe('the end of a service', () => {
  it('comes although a transaction of each pool never ends', async () => {
    @Module({ imports: [ServiceKitModule.forService(), await PersistenceModule.forService(options())] })
    class ServiceModule {}
    const ending = await NestFactory.createApplicationContext(ServiceModule, { logger: false, abortOnError: false });
    const never = new Promise<never>(() => undefined);
    let begun = 0;
    void ending.get(EntityManager).fork().transactional(async () => {
      begun += 1;
      await never;
    });
    void ending.get(SqlPool).transaction(async () => {
      begun += 1;
      await never;
    });
    await until('both transactions have begun', () => begun === 2);
    await ended('the service', ending.close());
  }, 30_000);
});

it('looks after the links of the pool of entities as after those of the other pool', async () => {
  const entities = app.get(MikroORM).em.getConnection();
  for (const each of [await entities.getNativeClient(), pool]) {
    const client = await each.connect();
    expect(client).toBeInstanceOf(boundedConnections.Client);
    client.release();
  }
});
