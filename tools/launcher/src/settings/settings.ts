import { join, resolve } from 'node:path';
import { repositoryRoot } from '../places/places.ts';
import { addressVariable, portVariable, variable, wrong, type Environment } from './variables.ts';

/** What the launcher itself must know; everything else is for the services, which check it. */
export interface Settings {
  /** Absolute. */
  readonly dataDir: string;
  readonly production: boolean;
  /** Port people use; 0 picks a free one. */
  readonly port: number;
  readonly publicUrl: string | undefined;
  /** Servers of one's own instead of the embedded ones. */
  readonly databaseUrl: string | undefined;
  readonly warehouseUrl: string | undefined;
  readonly natsUrl: string | undefined;
  readonly masterKey: string | undefined;
  /** The app registered at Salesforce; without it the simulator is used. */
  readonly client: { readonly id: string; readonly secret: string | undefined } | undefined;
}

/** @throws StartProblem naming the first wrong variable, never its value */
export function readSettings(env: Environment): Settings {
  const production = variable(env, 'NODE_ENV') === 'production';
  const clientId = variable(env, 'SALESFORCE_CLIENT_ID');
  const masterKey = variable(env, 'TRIBUTARY_MASTER_KEY');
  if (production && masterKey === undefined) throw wrong('TRIBUTARY_MASTER_KEY', 'is required when NODE_ENV is production');
  if (production && clientId === undefined) throw wrong('SALESFORCE_CLIENT_ID', 'is required when NODE_ENV is production, where the simulator is never used');
  if (clientId === undefined && variable(env, 'SALESFORCE_LOGIN_URL') !== undefined) {
    throw wrong('SALESFORCE_LOGIN_URL', 'is of no use without SALESFORCE_CLIENT_ID; set both to connect to an org, or neither to use the simulator');
  }
  return {
    dataDir: resolve(repositoryRoot, variable(env, 'TRIBUTARY_DATA_DIR') ?? join(repositoryRoot, '.tributary')),
    production,
    port: portVariable(env, 'TRIBUTARY_PORT', 3_000),
    publicUrl: addressVariable(env, 'TRIBUTARY_PUBLIC_URL', ['http:', 'https:']),
    databaseUrl: addressVariable(env, 'DATABASE_URL', ['postgresql:', 'postgres:']),
    warehouseUrl: addressVariable(env, 'WAREHOUSE_URL', ['postgresql:', 'postgres:']),
    natsUrl: addressVariable(env, 'NATS_URL', ['nats:', 'tls:']),
    masterKey,
    client: clientId === undefined ? undefined : { id: clientId, secret: variable(env, 'SALESFORCE_CLIENT_SECRET') },
  };
}
