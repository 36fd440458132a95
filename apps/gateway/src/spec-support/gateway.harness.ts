import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { NestExpressApplication } from '@nestjs/platform-express';
import { connect, type NatsConnection } from '@nats-io/transport-node';
import { changeMember, connectionSyncs, getConnection, listAccessCalls, listConnections, listInvitations, listMembers, listMetrics, listProviders, listSalesforceCalls, previewInvitation, readAudit, readWorkspace, redeemSignIn, renameWorkspace, type ConnectionCore, type Role } from '@tributary/api-contracts';
import { Failure, failureToWire, NotFound, toFailure, Unauthenticated, Unavailable } from '@tributary/failures';
import { startService } from '@tributary/service-kit';
import { aServiceEnvironment, freePort, type ServiceEnvironment } from '@tributary/testing';
import { readConfig } from '../config.ts';
import { configureHttp } from '../configure-http.ts';
import { GatewayModule } from '../gateway.module.ts';

export const connectionId = '0199aa00-0000-7000-8000-000000000001';

/** Somebody who can sign in; the name is the code of the callback. */
export interface SomePerson {
  readonly personId: string;
  readonly workspaceId: string;
  role: Role;
  authenticatedAt: () => Date;
}

const owner: SomePerson = { personId: '0199aa00-0000-7000-8000-00000000000a', workspaceId: '0199aa00-0000-7000-8000-00000000000b', role: 'owner', authenticatedAt: () => new Date() };
const stranger: SomePerson = { personId: '0199aa00-0000-7000-8000-00000000001a', workspaceId: '0199aa00-0000-7000-8000-00000000001b', role: 'owner', authenticatedAt: () => new Date() };
const viewer: SomePerson = { personId: '0199aa00-0000-7000-8000-00000000002a', workspaceId: owner.workspaceId, role: 'viewer', authenticatedAt: () => new Date() };
const stale: SomePerson = { personId: owner.personId, workspaceId: owner.workspaceId, role: 'owner', authenticatedAt: () => new Date(Date.now() - 11 * 60_000) };
export const people = { owner, stranger, viewer, stale };
export type PersonName = keyof typeof people;

/** A request that reached a service behind the gateway. */
export interface Asked {
  readonly subject: string;
  readonly personId: string | undefined;
  readonly connectionId: string | undefined;
  readonly workspaceId: string | undefined;
}

/** A gateway with the services behind it played over the real bus: they know one connection, which belongs to the owner. */
export class TestedGateway {
  readonly asked: Asked[] = [];
  /** Whether the owner has shared the connection with the workspace. */
  isShared = false;
  /** What services answer instead of what they know. */
  readonly trouble = new Map<'auth' | 'ingest', Failure>();
  /** What auth-service says the workspace is called; undefined while it is away. */
  workspaceName: string | undefined;
  /** Whether the callback signs somebody in. */
  signsIn = true;

  private constructor(
    readonly environment: ServiceEnvironment,
    readonly origin: string,
    private readonly peers: NatsConnection,
    private readonly authService: Server,
    private app: NestExpressApplication | undefined,
  ) {}

  static async start(variables: NodeJS.ProcessEnv = {}): Promise<TestedGateway> {
    const environment = await aServiceEnvironment();
    const peers = await connect({ servers: `127.0.0.1:${environment.nats.port}`, user: 'observer', pass: 'observer' });
    const port = await freePort();
    const authService = createServer();
    const gateway = new TestedGateway(environment, `http://localhost:${port}`, peers, authService, undefined);
    authService.on('request', (request, response) => {
      const code = new URL(request.url ?? '/', 'http://x').searchParams.get('code');
      const signedIn = request.url?.includes('/callback') === true && gateway.signsIn;
      response.writeHead(303, signedIn ? { location: '/', 'x-tributary-sign-in': `a-ticket-for-somebody-${code}` } : { location: 'https://login.salesforce.com/x' }).end();
    });
    await new Promise<void>((resolve) => authService.listen(0, '127.0.0.1', resolve));
    peers.subscribe('tributary.rpc.>', { callback: (_error, message) => void message.respond(JSON.stringify(gateway.#answer(message.subject, message.json<Record<string, unknown>>()))) });
    await peers.flush();
    const portal = join(environment.dataFolder, 'portal');
    await mkdir(portal, { recursive: true });
    await writeFile(join(portal, 'index.html'), '<!doctype html><title>Tributary</title>');
    const config = readConfig({
      TRIBUTARY_PORT: String(port), TRIBUTARY_PUBLIC_URL: gateway.origin, TRIBUTARY_DATA_DIR: environment.dataFolder, TRIBUTARY_PORTAL_DIR: portal,
      DATABASE_URL: environment.databaseUrl('gateway'), NATS_URL: environment.natsUrl('gateway'), AUTH_SERVICE_URL: `http://127.0.0.1:${(authService.address() as AddressInfo).port}`, ...variables,
    });
    const { app } = await startService({ name: 'gateway', module: await GatewayModule.for(config), host: '127.0.0.1', port, logLevel: 'fatal', configure: (instance) => configureHttp(instance, config) });
    gateway.app = app;
    return gateway;
  }

  /** @returns the session cookie */
  async signIn(name: PersonName, present?: string): Promise<string> {
    const response = await this.get(`/connect/salesforce/callback?state=y&code=${name}`, { ...(present === undefined ? {} : { cookie: present }), 'user-agent': 'Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0' });
    return cookieOf(response);
  }

  async get(path: string, headers: Record<string, string> = {}): Promise<Response> {
    return fetch(this.origin + path, { redirect: 'manual', headers });
  }

  async send(method: string, path: string, { cookie, body }: { cookie?: string; body?: unknown } = {}): Promise<Response> {
    return fetch(this.origin + path, {
      method: method.toUpperCase(), redirect: 'manual', signal: AbortSignal.timeout(10_000),
      headers: { ...(cookie === undefined ? {} : { cookie }), ...(body === undefined ? {} : { 'content-type': 'application/json' }) }, ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
  }

  /** A part of the running gateway. */
  part<T>(token: new (...parameters: never[]) => T): T {
    if (this.app === undefined) throw new Error('the gateway has not started');
    return this.app.get<T>(token);
  }

  async stop(): Promise<void> {
    await this.app?.close();
    await this.peers.close();
    this.authService.close();
    await this.environment.stop();
  }

  #answer(subject: string, request: Record<string, unknown>): unknown {
    const of = (member: string): string | undefined => (typeof request[member] === 'string' ? request[member] : undefined);
    const asked: Asked = { subject, personId: of('personId'), connectionId: of('connectionId'), workspaceId: of('workspaceId') };
    if (subject !== redeemSignIn.subject) this.asked.push(asked);
    try {
      return { reply: this.#reply(asked, request) };
    } catch (error) {
      return { failure: failureToWire(error instanceof Failure ? error : toFailure(error)) };
    }
  }

  #reply({ subject, personId, connectionId: id }: Asked, request: Record<string, unknown>): unknown {
    for (const [service, trouble] of this.trouble) if (subject.startsWith(`tributary.rpc.${service}.`)) throw trouble;
    const mine = personId === owner.personId;
    if (id !== undefined && personId !== undefined && (id !== connectionId || !(mine || (this.isShared && personId === viewer.personId)))) throw new NotFound('CONNECTION_NOT_FOUND', 'There is no such connection.');
    const replies: Readonly<Record<string, () => unknown>> = {
      [redeemSignIn.subject]: () => signedIn(String(request['ticket'])),
      [listProviders.subject]: () => ({ providers: [{ name: 'acme', label: 'Acme', startPath: '/connect/oidc/acme' }] }),
      [listConnections.subject]: () => ({ connections: mine ? [aConnection(true)] : [] }),
      [getConnection.subject]: () => aConnection(mine),
      [connectionSyncs.subject]: () => ({ syncs: {} }),
      [listMetrics.subject]: () => ({ metrics: [] }),
      [listMembers.subject]: () => ({ members: [] }),
      [listInvitations.subject]: () => ({ invitations: [] }),
      [previewInvitation.subject]: () => noInvitation(),
      [readAudit.subject]: () => ({ records: [], before: null, chain: { intact: true, entries: 0, brokenAt: null } }),
      [changeMember.subject]: () => changed(request, personId),
      [listAccessCalls.subject]: () => callsOf('token-refresh', 2),
      [listSalesforceCalls.subject]: () => callsOf('query', 1),
      [readWorkspace.subject]: () => this.#workspace(),
      [renameWorkspace.subject]: () => {
        this.workspaceName = String(request['name']);
        return this.#workspace();
      },
    };
    const reply = replies[subject];
    if (reply === undefined) throw new Unavailable('NOT_PLAYED', 'This service is not played here.');
    return reply();
  }

  #workspace(): unknown {
    if (this.workspaceName === undefined) throw new Unavailable('NOT_PLAYED', 'This service is away.');
    return { id: owner.workspaceId, name: this.workspaceName };
  }
}

/** The session cookie a response sets, as a browser sends it back. */
export function cookieOf(response: Response): string {
  return response.headers.getSetCookie().find((set) => set.startsWith('tributary-sid='))?.split(';')[0] ?? '';
}


function callsOf(purpose: string, place: number): unknown {
  const call = { id: `0199aa00-0000-7000-8000-${String(place).padStart(12, '0')}`, at: '2026-11-01T00:00:00.000Z', method: 'GET', path: '/', purpose, object: null, runId: null, rows: null, status: 200, ms: 1, apiUsed: null, countsAgainstLimit: true };
  return { calls: [call], before: null, keptDays: 14, keptCalls: null };
}

function signedIn(ticket: string): unknown {
  const person = Object.entries(people).find(([name]) => ticket === `a-ticket-for-somebody-${name}`)?.[1];
  if (person === undefined) throw new Unauthenticated('TICKET_INVALID', 'The sign-in has expired.');
  return { personId: person.personId, workspaceId: person.workspaceId, workspaceName: 'Acme', name: 'Ada', email: null, role: person.role, authenticatedAt: person.authenticatedAt().toISOString(), proof: { methods: ['pwd', 'otp'], context: null, secondFactor: true }, connectionId: null };
}

function noInvitation(): never {
  throw new NotFound('INVITATION_NOT_FOUND', 'This invitation was used, withdrawn or has expired.');
}

function changed(request: Record<string, unknown>, personId: string | undefined): unknown {
  const { role = 'owner', disabled = false } = request['change'] as { role?: Role; disabled?: boolean };
  const at = '2026-11-01T00:00:00.000Z';
  return { id: request['memberId'], name: 'Ada', email: null, role, signsInWith: 'salesforce', disabled, isSelf: request['memberId'] === personId, createdAt: at, lastSignInAt: at };
}

function aConnection(isMe: boolean): ConnectionCore {
  return {
    id: connectionId, name: 'Acme', state: 'active', attention: null, flow: 'refresh-token', flowReason: 'The refresh token is used.',
    org: { id: '00DXX0000001abcEAA', name: 'Acme', kind: 'developer' }, user: { id: '005XX000001XyzAAA', name: 'Ada', username: 'ada@acme.test' },
    host: 'acme.my.salesforce.com', loginOrigin: 'https://login.salesforce.com', site: null, createdAt: '2026-11-01T00:00:00.000Z', timeline: [],
    policy: 'user', ways: [], lastWay: null, visibility: isMe ? 'private' : 'workspace', owner: { id: owner.personId, name: 'Ada', isMe },
  };
}
