import { mkdtemp } from 'node:fs/promises';
import { join } from 'node:path';
import { randomUUID } from 'node:crypto';
import type { NestExpressApplication } from '@nestjs/platform-express';
import { connect, type NatsConnection } from '@nats-io/transport-node';
import { LeaseClaims, LeasesClaims, leaseAccessToken, type RequestDefinition } from '@tributary/api-contracts';
import { decodeReply } from '@tributary/messaging';
import { SqlPool } from '@tributary/persistence';
import { startService, type Clock } from '@tributary/service-kit';
import type { ServiceEnvironment } from '@tributary/testing';
import { SignJWT, compactDecrypt, importJWK, jwtVerify, type CryptoKey, type JWK } from 'jose';
import { AuthModule } from '../auth.module.ts';
import { readConfig } from '../config.ts';

export const publicOrigin = 'http://localhost:3000';
export const redirectUri = `${publicOrigin}/connect/salesforce/callback`;

/** The far side a service is pointed at. */
export interface FarSide {
  readonly loginOrigin: string;
  readonly origins: readonly string[];
  readonly client: { readonly id: string; readonly secret?: string };
}

export interface RunningAuth {
  readonly app: NestExpressApplication;
  readonly origin: string;
  readonly pool: SqlPool;
  readonly dataFolder: string;
}

export function authVariables(environment: ServiceEnvironment, far: FarSide, more: NodeJS.ProcessEnv = {}): NodeJS.ProcessEnv {
  return {
    TRIBUTARY_DATA_DIR: environment.dataFolder, TRIBUTARY_PUBLIC_URL: publicOrigin, TRIBUTARY_MASTER_KEY: environment.masterKey, TRIBUTARY_LOG_LEVEL: 'fatal',
    DATABASE_URL: environment.databaseUrl('auth'), DATABASE_OWNER_URL: environment.authOwnerUrl, NATS_URL: environment.natsUrl('auth'),
    TRIBUTARY_SERVICE_KEYS_FILE: environment.keysFile('auth'), TRIBUTARY_PEER_KEYS_FILE: environment.peerKeysFile,
    SALESFORCE_LOGIN_URL: far.loginOrigin, SALESFORCE_EXTRA_ORIGINS: far.origins.join(','), SALESFORCE_CLIENT_ID: far.client.id,
    ...(far.client.secret === undefined ? {} : { SALESFORCE_CLIENT_SECRET: far.client.secret }),
    ...more,
  };
}

/** Starts auth-service in this process, with a data folder of its own. */
export async function anAuthService(environment: ServiceEnvironment, far: FarSide, { variables = {}, now, dataFolder }: { variables?: NodeJS.ProcessEnv; now?: Clock; dataFolder?: string } = {}): Promise<RunningAuth> {
  const folder = dataFolder ?? await mkdtemp(join(environment.dataFolder, 'auth-'));
  const config = await readConfig(authVariables(environment, far, { TRIBUTARY_DATA_DIR: folder, ...variables }));
  const { app, port } = await startService({ name: 'auth-service', module: await AuthModule.for(config, now), host: '127.0.0.1', port: 0, logLevel: process.env['AUTH_TEST_LOG'] ?? 'fatal' });
  return { app, origin: `http://127.0.0.1:${port}`, pool: app.get(SqlPool), dataFolder: folder };
}

/** A browser behind the gateway: keeps cookies, follows nothing by itself, and knows auth-service under the public address. */
export class Browser {
  readonly cookies = new Map<string, string>();

  constructor(
    private readonly service: Pick<RunningAuth, 'origin'>,
    private readonly personId?: string,
  ) {}

  async get(address: string, headers: Record<string, string> = {}): Promise<Response> {
    const { pathname, search } = new URL(address, publicOrigin);
    const cookie = [...this.cookies].map(([name, value]) => `${name}=${value}`).join('; ');
    const response = await fetch(this.service.origin + pathname + search, { redirect: 'manual', headers: { ...(cookie === '' ? {} : { cookie }), ...(this.personId === undefined ? {} : { 'x-tributary-person': this.personId }), ...headers } });
    for (const set of response.headers.getSetCookie()) this.#keep(set);
    return response;
  }

  /** Starts a consent. @returns the address at Salesforce the browser is sent to */
  async start(login?: string, back?: string): Promise<string> {
    const query = new URLSearchParams({ ...(login === undefined ? {} : { login }), ...(back === undefined ? {} : { return: back }) });
    return locationOf(await this.get(`/connect/salesforce?${query}`));
  }

  #keep(set: string): void {
    const [, name, value] = /^([^=]+)=([^;]*)/.exec(set) ?? [];
    if (name === undefined || value === undefined) return;
    if (/Max-Age=0/.test(set)) this.cookies.delete(name);
    else this.cookies.set(name, value);
  }
}

export function locationOf(response: Response): string {
  return response.headers.get('location') ?? '';
}

/** Code of the failure page a response redirects to. */
export function failureOf(response: Response): string | null {
  return new URL(locationOf(response), publicOrigin).searchParams.get('code');
}

/** Asks as a service does, over the real bus with that service's rights. */
export class Asker {
  private constructor(
    private readonly bus: NatsConnection,
    private readonly environment: ServiceEnvironment,
    private readonly keys: { readonly sign: CryptoKey; readonly decrypt: CryptoKey; readonly authVerify: CryptoKey },
  ) {}

  static async as(service: 'ingest' | 'gateway' | 'observer', environment: ServiceEnvironment): Promise<Asker> {
    const bus = await connect({ servers: `127.0.0.1:${environment.nats.port}`, user: service, pass: service, inboxPrefix: `_INBOX_${service}` });
    const own = environment.keys.ingest;
    const { d: _private, ...authPublic } = environment.keys.auth.sign;
    return new Asker(bus, environment, { sign: await key(own.sign, 'EdDSA'), decrypt: await key(own.encrypt, 'ECDH-ES+A256KW'), authVerify: await key(authPublic, 'EdDSA') });
  }

  async ask<Request, Reply>(definition: RequestDefinition<Request, Reply>, request: unknown): Promise<Reply> {
    const { data } = await this.bus.request(definition.subject, JSON.stringify(request), { timeout: 20_000 });
    return definition.reply.parse(decodeReply(data));
  }

  /** A signed lease request. */
  async signed(claims: Record<string, unknown>, { lifeSeconds = 20, sign = this.keys.sign }: { lifeSeconds?: number; sign?: CryptoKey } = {}): Promise<string> {
    return new SignJWT({ iss: 'ingest-service', aud: 'auth-service', jti: randomUUID(), purpose: 'background', ...claims })
      .setProtectedHeader({ alg: 'EdDSA' }).setExpirationTime(Math.floor(Date.now() / 1_000) + lifeSeconds).sign(sign);
  }

  async lease(claims: Record<string, unknown>): Promise<LeaseClaims> {
    return this.opened((await this.ask(leaseAccessToken, { request: await this.signed(claims) })).reply);
  }

  async opened(reply: string): Promise<LeaseClaims> {
    return LeaseClaims.parse(await this.#claimsOf(reply));
  }

  /** The tokens of a reply to a request for several. */
  async openedSeveral(reply: string): Promise<LeasesClaims> {
    return LeasesClaims.parse(await this.#claimsOf(reply));
  }

  async #claimsOf(reply: string): Promise<unknown> {
    const { plaintext } = await compactDecrypt(reply, this.keys.decrypt, { keyManagementAlgorithms: ['ECDH-ES+A256KW'], contentEncryptionAlgorithms: ['A256GCM'] });
    const { payload } = await jwtVerify(new TextDecoder().decode(plaintext), this.keys.authVerify, { issuer: 'auth-service', audience: 'ingest-service', algorithms: ['EdDSA'] });
    return payload;
  }

  /** Public keys and addresses of this environment, for tests that need more. */
  get around(): ServiceEnvironment {
    return this.environment;
  }

  async stop(): Promise<void> {
    await this.bus.close();
  }
}

async function key(jwk: JWK, algorithm: string): Promise<CryptoKey> {
  const imported = await importJWK(jwk, algorithm);
  if (imported instanceof Uint8Array) throw new Error('a symmetric key');
  return imported;
}

/** Everything published under `tributary.auth.>` from now on, with the raw text for canaries. */
export async function listenToBus(environment: ServiceEnvironment): Promise<{ readonly events: { type: string; subject: string; data: Record<string, unknown> }[]; readonly raw: string[]; stop(): Promise<void> }> {
  const bus = await connect({ servers: `127.0.0.1:${environment.nats.port}`, user: 'observer', pass: 'observer' });
  const events: { type: string; subject: string; data: Record<string, unknown> }[] = [];
  const raw: string[] = [];
  bus.subscribe('tributary.auth.>', { callback: (_error, message) => {
    events.push(message.json());
    raw.push(message.string());
  } });
  bus.subscribe('tributary.live.>', { callback: (_error, message) => void raw.push(message.string()) });
  await bus.flush();
  return { events, raw, stop: () => bus.close() };
}
