import { execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { repositoryRoot } from '../places/places.ts';
import { serviceNames } from '../secrets/service-keys.ts';
import { nodeFlags } from '../services/node-flags.ts';
import { inside } from './volumes.ts';

interface Container {
  readonly image: string;
  readonly user?: string;
  readonly read_only?: boolean;
  readonly cap_drop?: readonly string[];
  readonly security_opt?: readonly string[];
  readonly ulimits?: Readonly<Record<string, number>>;
  readonly healthcheck?: { readonly test: readonly string[] };
  readonly build?: { readonly target: string };
  readonly environment?: Readonly<Record<string, string>>;
  readonly volumes: readonly string[];
  readonly networks?: readonly string[];
  readonly ports?: readonly string[];
  readonly secrets?: readonly string[];
  readonly depends_on?: Readonly<Record<string, { readonly condition: string }>>;
}

const read = (path: string): string => readFileSync(join(repositoryRoot, path), 'utf8');
const compose = parse(read('docker-compose.yml'), { merge: true }) as { services: Record<string, Container>; volumes: Record<string, null>; networks: Record<string, { internal?: boolean }> };
const containers = Object.entries(compose.services);
const oneShots = ['keys', 'setup'];

describe('docker-compose.yml', () => {
  it('has PostgreSQL 18, NATS and the four services', () => {
    expect(containers.map(([name]) => name).toSorted()).toEqual(['analytics-service', 'auth-service', 'gateway', 'ingest-service', 'keys', 'nats', 'postgres', 'setup']);
    expect(compose.services['postgres']?.image).toMatch(/^postgres:18\.\d+-/);
    expect(compose.services['nats']?.image).toMatch(/^nats:2\.1\d\.\d+-/);
  });

  it.each(containers)('pins the image of %s and takes its powers away', (name, { image, read_only, cap_drop, security_opt, ulimits, user }) => {
    expect(image).toMatch(/:\d+\.\d+(\.\d+)?(-\w+)?$/);
    expect(read_only).toBe(true);
    expect(cap_drop).toEqual(['ALL']);
    expect(security_opt).toEqual(['no-new-privileges:true']);
    // What a process had in memory shall not lie in a file after its crash.
    expect(ulimits).toEqual({ core: 0 });
    if (!oneShots.includes(name)) expect(user).toMatch(/^[1-9]\d*:[1-9]\d*$/);
  });

  it.each(containers.filter(([name]) => !oneShots.includes(name)))('asks %s for its health', (_name, { healthcheck }) => {
    expect(healthcheck?.test[0]).toBe('CMD');
  });

  it.each(serviceNames)('gives %s only variables it knows, and secrets as files of its own volume', (name) => {
    const { environment = {}, volumes } = compose.services[name] ?? { volumes: [] };
    const known = read(`apps/${name}/src/config.ts`) + read('libs/service-kit/src/common-variables.ts');
    for (const variable of Object.keys(environment)) expect(known, variable).toMatch(new RegExp(`\\b${variable.replace(/_FILE$/, '')}\\b`));
    for (const [variable, value] of Object.entries(environment)) if (/KEYS?_|_SECRET|_PROVIDERS|DATABASE_URL|NATS_URL/.test(variable)) expect(value, variable).toMatch(/^\/run\/tributary\//);
    expect(volumes.filter((volume) => volume.startsWith('secrets-'))).toEqual([`secrets-${name.replace('-service', '')}:/run/tributary:ro`]);
  });

  // Compose copies secrets that are not files into a container's own file system, which is read-only here: it would not start.
  it.each(containers)('gives %s no secret but by its volume', (_name, { secrets }) => {
    expect(secrets).toBeUndefined();
  });

  it('gives every variable that a service requires', () => {
    for (const name of serviceNames) {
      const required = [...read(`apps/${name}/src/config.ts`).matchAll(/^ {2}([A-Z_]+): z\.(?![^\n]*\.(default|optional)\()/gm)].map(([, variable]) => variable ?? '');
      const given = Object.keys(compose.services[name]?.environment ?? {}).map((variable) => variable.replace(/_FILE$/, ''));
      expect(given).toEqual(expect.arrayContaining(required));
    }
  });

  it.each(serviceNames)('starts %s with the flags of Node that the launcher gives it', (name) => {
    const [, command = ''] = new RegExp(`^FROM runtime AS ${name}\\n(?:COPY .*\\n)*CMD (.*)$`, 'm').exec(read('Dockerfile')) ?? [];
    expect(JSON.parse(command)).toEqual(['node', ...nodeFlags[name], `apps/${name}/dist/main.js`]);
  });

  it('starts in order: keys, servers, roles, services', () => {
    expect(compose.services['postgres']?.depends_on).toEqual({ keys: { condition: 'service_completed_successfully' } });
    expect(compose.services['setup']?.depends_on).toEqual({ postgres: { condition: 'service_healthy' } });
    for (const name of serviceNames) expect(compose.services[name]?.depends_on?.['setup']).toEqual({ condition: 'service_completed_successfully' });
  });

  it('publishes the gateway on the loopback address and nothing else, and keeps the servers inside', () => {
    expect(containers.filter(([, { ports }]) => ports !== undefined).map(([name, { ports }]) => [name, ports])).toEqual([['gateway', ['127.0.0.1:${TRIBUTARY_PORT:-3000}:3001']]]);
    for (const name of ['postgres', 'nats', 'setup', 'analytics-service']) expect(compose.services[name]?.networks).toEqual(['inside']);
    expect(compose.networks['inside']?.internal).toBe(true);
  });

  it('declares each volume it mounts, and has a stage of the Dockerfile for each build', () => {
    const mounted = containers.flatMap(([, { volumes }]) => volumes.map((volume) => volume.split(':')[0] ?? ''));
    expect(Object.keys(compose.volumes).toSorted()).toEqual([...new Set(mounted)].toSorted());
    const stages = [...read('Dockerfile').matchAll(/^FROM \S+ AS (\S+)$/gm)].map(([, stage]) => stage);
    for (const [, { build }] of containers) if (build !== undefined) expect(stages).toContain(build.target);
  });
});

describe('the container that makes the secrets', () => {
  it.runIf(process.getuid?.() === 0)('gives each container its own files, the same on every start', () => {
    const folder = mkdtempSync(join(tmpdir(), 'tributary-compose-'));
    const text = (path: string): string => readFileSync(join(folder, 'secrets', path), 'utf8');
    const run = (given: NodeJS.ProcessEnv = {}): void => void execFileSync(process.execPath, [join(import.meta.dirname, 'keys.ts'), join(folder, 'secrets'), join(folder, 'data')], { stdio: 'pipe', env: { PATH: process.env['PATH'], ...given } });
    run();
    expect(text('auth-service/salesforce-client-secret').trim()).toBe('');
    const before = text('auth-service/master-key');
    run({ SALESFORCE_CLIENT_SECRET: 'the-secret' });
    run();
    expect(text('auth-service/salesforce-client-secret')).toBe('the-secret\n');
    expect(text('auth-service/master-key')).toBe(before);
    expect(readdirSync(join(folder, 'secrets', 'auth-service')).toSorted()).toEqual(['database-owner-url', 'database-url', 'keys.json', 'master-key', 'nats-url', 'oidc-providers', 'peer-keys.json', 'salesforce-client-secret']);
    expect(readdirSync(join(folder, 'secrets', 'gateway')).toSorted()).toEqual(['database-url', 'keys.json', 'nats-url', 'peer-keys.json']);
    expect(text('gateway/database-url')).toMatch(/^postgresql:\/\/tributary_gateway:\w+@postgres:5432\/tributary\n$/);
    expect(text('nats/nats.conf')).toContain(`port: ${inside.natsPort}`);
    expect(Object.keys(JSON.parse(text('ingest-service/peer-keys.json')))).toEqual([...serviceNames]);
    expect(text('ingest-service/peer-keys.json')).not.toContain('"d"');
    const { mode, uid } = statSync(join(folder, 'secrets', 'auth-service', 'master-key'));
    expect([mode & 0o777, uid]).toEqual([0o600, 1_000]);
    rmSync(folder, { recursive: true });
  });
});
