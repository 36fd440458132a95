import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { freePort, isPortFree } from '../places/free-port.ts';
import { repositoryRoot } from '../places/places.ts';
import { childPart } from '../supervise/child-part.ts';
import type { Guard } from '../supervise/guard.ts';
import { answersOk } from '../supervise/http-probe.ts';
import type { LogFile } from '../supervise/log-file.ts';
import type { Part } from '../supervise/part.ts';

export interface SimulatorPorts {
  readonly login: number;
  readonly test: number;
  readonly org: number;
  /** gRPC. */
  readonly events: number;
}

const usualPorts: SimulatorPorts = { login: 3_100, test: 3_101, org: 3_102, events: 3_103 };

export interface SimulatorPart {
  readonly part: Part;
  readonly loginOrigin: string;
  readonly origins: readonly string[];
  /** `host:port` of the Pub/Sub API. */
  readonly changeEvents: string;
  readonly clientId: string;
}

export interface SimulatorOptions {
  readonly node: string;
  /** Folder of its state, so that grants and data outlive a restart. */
  readonly folder: string;
  readonly clientSecret: string;
  readonly redirectUri: string;
  readonly log: LogFile;
  readonly guard: Guard;
}

/** The Salesforce simulator as a process of its own, which anything that behaves like Salesforce could replace. */
export async function simulatorPart({ node, folder, clientSecret, redirectUri, log, guard }: SimulatorOptions): Promise<SimulatorPart> {
  const ports = await choosePorts(join(folder, 'ports.json'));
  const clientId = 'tributary-local';
  const origins = [ports.login, ports.test, ports.org].map((port) => `http://localhost:${port}`);
  const options = { ports, changeEvents: { port: ports.events }, client: { id: clientId, secret: clientSecret, redirectUris: [redirectUri] }, moving: true, stateFile: join(folder, 'state.json') };
  const part = childPart({
    name: 'simulator', program: node, parameters: [join(import.meta.dirname, 'simulator-main.ts')], cwd: repositoryRoot, log, guard,
    env: { PATH: process.env['PATH'], TRIBUTARY_SIMULATOR_OPTIONS: JSON.stringify(options) },
    isReady: () => answersOk(`http://localhost:${ports.login}/.well-known/openid-configuration`),
    readyWithinMs: 60_000,
  });
  return { part, origins, changeEvents: `localhost:${ports.events}`, loginOrigin: `http://localhost:${ports.login}`, clientId };
}

/** The ports of the last start, which stored connections point to; else the usual ones; else any. */
async function choosePorts(file: string): Promise<SimulatorPorts> {
  const candidates = [readPorts(file), usualPorts].filter((ports) => ports !== undefined);
  let chosen: SimulatorPorts | undefined;
  for (const ports of candidates) if (chosen === undefined && (await areFree(ports))) chosen = ports;
  chosen ??= { login: await freePort(), test: await freePort(), org: await freePort(), events: await freePort() };
  writeFileSync(file, JSON.stringify(chosen), { mode: 0o600 });
  return chosen;
}

async function areFree({ login, test, org, events }: SimulatorPorts): Promise<boolean> {
  const free = await Promise.all([login, test, org, events].map(isPortFree));
  return free.every(Boolean);
}

function readPorts(file: string): SimulatorPorts | undefined {
  try {
    const ports: unknown = JSON.parse(readFileSync(file, 'utf8'));
    if (typeof ports !== 'object' || ports === null || !('login' in ports) || !('test' in ports) || !('org' in ports)) return undefined;
    const { login, test, org } = ports;
    // Written before there were change events: the usual port.
    const events = 'events' in ports ? ports.events : usualPorts.events;
    return typeof login === 'number' && typeof test === 'number' && typeof org === 'number' && typeof events === 'number' ? { login, test, org, events } : undefined;
  } catch {
    return undefined;
  }
}
