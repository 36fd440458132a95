import { join } from 'node:path';
import type { BusUser } from '../nats/nats-configuration.ts';
import { freePort } from '../places/free-port.ts';
import { repositoryRoot } from '../places/places.ts';
import type { DatabaseAddresses } from '../postgres/bootstrap.ts';
import { authOwnerRole, type ServiceRole } from '../postgres/roles.ts';
import type { Secrets } from '../secrets/secrets.ts';
import type { ServiceName } from '../secrets/service-keys.ts';
import type { Environment } from '../settings/variables.ts';
import { childPart } from '../supervise/child-part.ts';
import type { Guard } from '../supervise/guard.ts';
import { answersOk } from '../supervise/http-probe.ts';
import type { LogFile } from '../supervise/log-file.ts';
import type { Part } from '../supervise/part.ts';
import { nodeFlags } from './node-flags.ts';
import { serviceVariables, type ServiceFacts } from './service-variables.ts';
import type { SimulatorPart } from './simulator-process.ts';

export interface ServicesOptions extends Pick<ServiceFacts, 'dataDir' | 'portalDir' | 'publicUrl' | 'publicPort' | 'client'> {
  readonly env: Environment;
  readonly addresses: DatabaseAddresses;
  readonly busUrlFor: Readonly<Record<BusUser, string>>;
  readonly secrets: Secrets;
  readonly simulator: SimulatorPart | undefined;
  readonly node: string;
  readonly guard: Guard;
  readonly logOf: (name: string) => LogFile;
  readonly onPorts: (ports: Readonly<Record<string, number>>) => void;
}

/** The short name of each service on the bus and in the database. */
const shortNames = { 'auth-service': 'auth', 'ingest-service': 'ingest', 'analytics-service': 'analytics', gateway: 'gateway' } as const satisfies Record<ServiceName, BusUser>;

/** The four services, each with an environment of its own. */
export async function serviceParts(options: ServicesOptions): Promise<Record<ServiceName, Part>> {
  const facts = await factsOf(options);
  options.onPorts(facts.ports);
  return perService((name) => servicePart(name, facts, options));
}

async function factsOf({ addresses, busUrlFor, secrets, ...options }: ServicesOptions): Promise<ServiceFacts> {
  const ports = { 'auth-service': await freePort(), 'ingest-service': await freePort(), 'analytics-service': await freePort(), gateway: options.publicPort };
  const { warehouse } = addresses;
  return {
    ...options,
    ports,
    databaseUrls: perService((name) => addresses.database[roleOf(name)]),
    authOwnerUrl: addresses.database[authOwnerRole],
    warehouseUrls: warehouse === undefined ? {} : perService((name) => warehouse[roleOf(name)]),
    natsUrls: perService((name) => busUrlFor[shortNames[name]]),
    masterKey: secrets.masterKey, masterKeyFile: secrets.masterKeyFile,
    ownKeysFile: secrets.keys.own,
    peerKeysFile: secrets.keys.peers,
  };
}

function roleOf(service: ServiceName): ServiceRole {
  return `tributary_${shortNames[service]}`;
}

function perService<T>(read: (name: ServiceName) => T): Record<ServiceName, T> {
  return { 'auth-service': read('auth-service'), 'ingest-service': read('ingest-service'), 'analytics-service': read('analytics-service'), gateway: read('gateway') };
}

function servicePart(name: ServiceName, facts: ServiceFacts, { node, guard, logOf }: ServicesOptions): Part {
  const folder = join(repositoryRoot, 'apps', name);
  const health = `http://127.0.0.1:${facts.ports[name]}/health`;
  return childPart({
    name, program: node, parameters: ['--enable-source-maps', ...nodeFlags[name], join(folder, 'dist', 'main.js')], cwd: folder, env: serviceVariables(name, facts), log: logOf(name), guard,
    isReady: () => answersOk(`${health}/ready`), isAlive: () => answersOk(`${health}/live`),
  });
}
