import { SimulatorClock } from './control/clock.ts';
import { ControlApi } from './control/control-api.ts';
import { Faults } from './control/faults.ts';
import { approveAsPerson, type ApprovalOptions } from './control/person.ts';
import { RequestLog } from './control/request-log.ts';
import { defaultSettings, type Settings } from './control/settings.ts';
import { readState, StateFile } from './control/state-file.ts';
import { json, type Reply } from './http/reply.ts';
import type { HostKind, HttpRequest } from './http/request.ts';
import { route } from './http/router.ts';
import { HostServer } from './http/server.ts';
import { publicKeyOf } from './oauth/assertion.ts';
import type { ConnectedApp } from './oauth/app.ts';
import { oauthRoutes } from './oauth/routes.ts';
import { SigningKey } from './oauth/signing-key.ts';
import { TokenStore } from './oauth/token-store.ts';
import { isActiveUser, signInUsers, type World } from './oauth/world.ts';
import { defaultClient, type SimulatorOptions } from './options.ts';
import { OrgControl } from './org/org-control.ts';
import { Org } from './org/org.ts';
import { recordId } from './org/record-id.ts';
import { DataApi } from './rest/data-api.ts';
import { Movement } from './seed/movement.ts';
import { seedOrg } from './seed/seed-org.ts';

export interface SimulatorUser {
  readonly username: string;
  readonly name: string;
  readonly userId: string;
}

/** A running simulator and everything a test may do with it. */
export interface Simulator {
  readonly loginOrigin: string;
  readonly testOrigin: string;
  /** `instance_url` of token answers. */
  readonly orgOrigin: string;
  readonly origins: readonly string[];
  readonly orgId: string;
  readonly client: { readonly id: string; readonly secret: string };
  /** Who can sign in; the first is the default. */
  readonly users: readonly SimulatorUser[];
  readonly clock: SimulatorClock;
  readonly settings: Settings;
  readonly faults: Faults;
  readonly log: RequestLog;
  readonly org: OrgControl;
  readonly app: {
    /** Registers a PEM certificate or public key for assertions. */
    addPublicKey(pem: string): void;
    setRedirectUris(uris: readonly string[]): void;
    /** Changes the secret; as at Salesforce, that ends every grant and session of the app. */
    rotateSecret(secret: string): void;
  };
  /** Every code, access, refresh and id token ever issued, and the app's secrets. */
  tokens(): readonly string[];
  /** Ends all grants and sessions, of everybody or of one user, as an admin can. */
  revoke(username?: string): void;
  /** Plays the person: follows the pages and gives the callback address that Salesforce redirects to. */
  approve(authorizeUrl: string, options?: ApprovalOptions): Promise<string>;
  /** Moves some deals at once, as `moving` does in time. */
  move(times?: number): void;
  /** Lets deals move by themselves every so many milliseconds; null makes them stand still. */
  setMoving(everyMs: number | null): void;
  stop(): Promise<void>;
}

/** Starts a simulated Salesforce on three local ports. @throws the system's error when a port is taken */
export async function startSimulator(options: SimulatorOptions = {}): Promise<Simulator> {
  const clock = new SimulatorClock();
  if (options.now !== undefined) clock.set(options.now);
  const settings: Settings = { ...defaultSettings(), rotation: options.rotation ?? true };
  const client = options.client ?? defaultClient;
  const saved = options.stateFile === undefined ? undefined : await readState(options.stateFile);
  const seededAt = saved === undefined ? clock.now() : new Date(saved.seededAt);
  const seed = saved?.seed ?? options.seed ?? 1;
  const size = saved?.size ?? options.size ?? 'believable';
  const orgId = recordId('00D', 20_251_117);
  const org = new Org({ now: () => clock.now(), commitDelayMs: () => settings.commitDelayMs });
  seedOrg(org, { seed, size, now: seededAt, organizationId: orgId });
  for (const table of org.tables) table.changed.clear();

  const app: ConnectedApp = { name: 'Tributary', clientId: client.id, secrets: [client.secret], redirectUris: client.redirectUris, publicKeys: saved?.publicKeys ?? [] };
  const tokens = new TokenStore(settings, () => clock.now(), orgId.slice(0, 15));
  const signingKey = await SigningKey.open(saved?.signingKey);
  const faults = new Faults();
  const log = new RequestLog();
  const servers = new Map<HostKind, HostServer>();
  const world: World = { clock, settings, org, orgId, app, tokens, signingKey, origin: (host) => servers.get(host)?.origin ?? '' };

  const routes = oauthRoutes(world);
  const data = new DataApi(world);
  const handler = (request: HttpRequest): Reply | Promise<Reply> => {
    if (request.path.startsWith('/__simulator')) return control.answer(request);
    const answered = route(routes, request);
    if (answered !== undefined) return answered;
    if (request.host === 'org' && request.path.startsWith('/services/data')) return data.answer(request);
    return json(404, [{ message: 'The requested resource does not exist', errorCode: 'NOT_FOUND' }]);
  };
  const headerDate = (): Date => new Date(clock.now().getTime() + settings.dateHeaderSkewMs);
  for (const kind of ['login', 'test', 'org'] as const) servers.set(kind, new HostServer({ kind, port: options.ports?.[kind] ?? 0, handler, faults, log, now: () => clock.now(), headerDate }));
  const stateFile = options.stateFile === undefined ? undefined : new StateFile(options.stateFile, { world, seed, size, seededAt });
  if (saved !== undefined) stateFile?.restore(saved);
  try {
    for (const server of servers.values()) await server.listen();
  } catch (error) {
    await Promise.all([...servers.values()].map((server) => server.close()));
    throw error;
  }
  stateFile?.watch();
  const movement = new Movement(org, clock, seed);
  if (options.moving === true) movement.start(options.movingEveryMs ?? 4_000);

  const loginOrigin = world.origin('login');
  const users = signInUsers(world).filter((row) => isActiveUser(world, row)).map((row) => ({ username: String(row['Username']), name: String(row['Name']), userId: String(row['Id']) }));
  const origins = [loginOrigin, world.origin('test'), world.origin('org')];
  const simulator: Simulator = {
    loginOrigin, testOrigin: world.origin('test'), orgOrigin: world.origin('org'), origins, orgId, client: { id: client.id, secret: client.secret }, users, clock, settings, faults, log,
    org: new OrgControl(org, () => clock.now()),
    app: {
      addPublicKey: (pem) => {
        publicKeyOf(pem);
        app.publicKeys.push(pem);
        tokens.onChange();
      },
      setRedirectUris: (uris) => {
        app.redirectUris = uris;
      },
      rotateSecret: (secret) => {
        app.secrets = [secret];
        tokens.revokeEverything();
      },
    },
    tokens: () => [...tokens.issued(), client.secret, ...app.secrets.filter((secret) => secret !== client.secret)],
    revoke: (username) => {
      if (username === undefined) return tokens.revokeEverything();
      const userId = users.find((user) => user.username === username)?.userId;
      for (const grant of tokens.grants) if (grant.userId === userId) tokens.revokeGrant(grant);
      for (const token of tokens.accessTokens) if (token.userId === userId) tokens.revokeAccessToken(token);
    },
    approve: (authorizeUrl, approval = {}) => approveAsPerson(authorizeUrl, origins, users[0]?.username ?? '', approval),
    move: (times = 1) => {
      for (let step = 0; step < times; step += 1) movement.step();
    },
    setMoving: (everyMs) => {
      movement.stop();
      if (everyMs !== null) movement.start(everyMs);
    },
    stop: async () => {
      movement.stop();
      await Promise.all([...servers.values()].map((server) => server.close()));
      await stateFile?.close();
    },
  };
  const control = new ControlApi(simulator);
  return simulator;
}
