import { Client } from 'pg';
import { messageOf, StartProblem } from '../terminal/start-problem.ts';
import { addressesOf, placeOf, sharedAddress, withDatabase } from './addresses.ts';
import { prepareRoles, serviceRoles, type Residents, type RoleName } from './roles.ts';

/** Where each service finds its database. */
export interface DatabaseAddresses {
  readonly database: Readonly<Record<RoleName, string>>;
  /** Of ingest and analytics, when copied data lives elsewhere than the rest. */
  readonly warehouse: Readonly<Record<RoleName, string>> | undefined;
}

export interface BootstrapOptions {
  /** Address of an account that may make roles. */
  readonly databaseUrl: string;
  readonly warehouseUrl: string | undefined;
  readonly passwords: Readonly<Record<RoleName, string>>;
  readonly onWarning: (line: string) => void;
}

/** Makes the product's database on the embedded server unless it is there. @returns the superuser's address of it */
export async function ensureDatabase(serverUrl: string, name = 'tributary'): Promise<string> {
  await withClient('DATABASE_URL', serverUrl, async (client) => {
    const { rowCount } = await client.query('select 1 from pg_database where datname = $1', [name]);
    if (rowCount === 0) await client.query(`create database ${client.escapeIdentifier(name)}`);
  });
  return withDatabase(serverUrl, name);
}

/**
 * Prepares roles and schemas, in one database or in two.
 * @throws StartProblem naming the variable whose server does not answer
 */
export async function bootstrapDatabases({ databaseUrl, warehouseUrl, passwords, onWarning }: BootstrapOptions): Promise<DatabaseAddresses> {
  const apart = warehouseUrl !== undefined && placeOf(warehouseUrl) !== placeOf(databaseUrl) ? warehouseUrl : undefined;
  const prepare = (name: string, url: string, residents: Residents): Promise<Record<RoleName, string>> => prepareOne({ name, url, residents, passwords, onWarning });
  const database = await prepare('DATABASE_URL', databaseUrl, { roles: serviceRoles, warehouse: apart === undefined });
  if (apart === undefined) return { database, warehouse: undefined };
  // ingest's tables live beside the copied data, so that both change in one transaction.
  return { database, warehouse: await prepare('WAREHOUSE_URL', apart, { roles: ['tributary_ingest'], warehouse: true }) };
}

interface OneDatabase {
  readonly name: string;
  readonly url: string;
  readonly residents: Residents;
  readonly passwords: Readonly<Record<RoleName, string>>;
  readonly onWarning: (line: string) => void;
}

async function prepareOne({ name, url, residents, passwords, onWarning }: OneDatabase): Promise<Record<RoleName, string>> {
  return withClient(name, url, async (client) => {
    try {
      await client.query('begin');
      await prepareRoles(client, passwords, residents);
      await client.query('commit');
      return addressesOf(url, passwords);
    } catch (error) {
      await client.query('rollback');
      if (!lacksRight(error)) throw new StartProblem(`The database of ${name} could not be prepared: ${messageOf(error)}.`, { cause: error });
      onWarning(`The account of ${name} may not make roles (${messageOf(error)}), so all services share it and the database does not keep them apart.`);
      return sharedAddress(url);
    }
  });
}

function lacksRight(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === '42501';
}

async function withClient<T>(name: string, url: string, work: (client: Client) => Promise<T>): Promise<T> {
  const client = new Client({ connectionString: url, connectionTimeoutMillis: 10_000, application_name: 'tributary-launcher' });
  client.on('error', () => undefined);
  try {
    await client.connect();
  } catch (error) {
    throw new StartProblem(`The database of ${name} does not answer: ${connectProblem(error)}.`, { cause: error });
  }
  try {
    return await work(client);
  } finally {
    await client.end().catch(() => undefined);
  }
}

/** Node reports a host with several addresses as an error without a message. */
function connectProblem(error: unknown): string {
  if (error instanceof AggregateError) return error.errors.map(messageOf).join(', ');
  return messageOf(error);
}
