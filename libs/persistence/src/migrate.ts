import { MikroORM } from '@mikro-orm/postgresql';
import { Client } from 'pg';
import { ormConfiguration, type PersistenceOptions } from './orm-configuration.ts';

/**
 * Brings a service's schema up to date. Replicas that start together wait for each other.
 * @throws the database's error when a migration fails; nothing of that batch is kept
 */
export async function migrate({ ownerUrl, ...options }: PersistenceOptions): Promise<void> {
  const url = ownerUrl ?? options.url;
  const lock = new Client({ connectionString: url, application_name: `tributary-${options.schema}-migrate` });
  await lock.connect();
  try {
    await lock.query('select pg_advisory_lock(hashtextextended($1, 0))', [`migrate:${options.schema}`]);
    await ensureSchema(lock, options.schema);
    const orm = await MikroORM.init(ormConfiguration({ ...options, url }));
    try {
      await orm.migrator.up();
    } finally {
      await orm.close(true);
    }
  } finally {
    await lock.end();
  }
}

/** A role that owns its schema already may lack the right to create one. */
async function ensureSchema(client: Client, schema: string): Promise<void> {
  const found = await client.query('select 1 from pg_namespace where nspname = $1', [schema]);
  if (found.rowCount === 0) await client.query(`create schema ${client.escapeIdentifier(schema)}`);
}
