import { SimulatorClock } from './control/clock.ts';
import { ControlApi } from './control/control-api.ts';
import { Faults } from './control/faults.ts';
import { approveAsPerson } from './control/person.ts';
import { RequestLog } from './control/request-log.ts';
import { defaultSettings, type Settings } from './control/settings.ts';
import { readState, StateFile, type SavedState } from './control/state-file.ts';
import { json, type Reply } from './http/reply.ts';
import type { HostKind, HttpRequest } from './http/request.ts';
import { route } from './http/router.ts';
import { HostServer, type Handler } from './http/server.ts';
import type { ConnectedApp } from './oauth/app.ts';
import { registerCertificate, removeCertificates } from './oauth/app-certificates.ts';
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
import type { SeedSize } from './seed/sizes.ts';
import type { ChangeEventsControl } from './pubsub/change-events-control.ts';
import type { PubSubServer } from './pubsub/pubsub-server.ts';
import type { Simulator } from './simulator-types.ts';

const hosts = ['login', 'test', 'org'] as const;
const orgId = recordId('00D', 20_251_117);

/** Starts a simulated Salesforce on three local ports. @throws the system's error when a port is taken */
export async function startSimulator(options: SimulatorOptions = {}): Promise<Simulator> {
  const saved = options.stateFile === undefined ? undefined : await readState(options.stateFile);
  const servers = new Map<HostKind, HostServer>();
  const { world, seeded } = await makeWorld(options, saved, (host) => servers.get(host)?.origin ?? '');
  const { clock, settings, org } = world;
  const stateFile = options.stateFile === undefined ? undefined : new StateFile(options.stateFile, { world, ...seeded });
  if (saved !== undefined) stateFile?.restore(saved);

  const faults = new Faults();
  const log = new RequestLog();
  const movement = new Movement(org, clock, seeded.seed);
  const pubsub = await startPubSub(options, world);
  const stop = async (): Promise<void> => {
    movement.stop();
    pubsub?.close();
    await Promise.all([...servers.values()].map((server) => server.close()));
    await stateFile?.close();
  };
  const control: { api?: ControlApi } = {};
  const handler = handlerOf(world, control);
  const headerDate = (): Date => new Date(clock.now().getTime() + settings.dateHeaderSkewMs);
  for (const kind of hosts) servers.set(kind, new HostServer({ kind, port: options.ports?.[kind] ?? 0, handler, faults, log, now: () => clock.now(), headerDate }));
  try {
    for (const server of servers.values()) await server.listen();
  } catch (error) {
    pubsub?.close();
    await Promise.all([...servers.values()].map((server) => server.close()));
    throw error;
  }
  stateFile?.watch();
  if (options.moving === true) movement.start(options.movingEveryMs ?? 4_000);
  const simulator = facade(world, { faults, log, movement, stop, changeEvents: pubsub === undefined ? undefined : await controlOf(pubsub) });
  control.api = new ControlApi(simulator);
  return simulator;
}

interface Seeded {
  readonly seed: number;
  readonly size: SeedSize;
  readonly seededAt: Date;
}

async function makeWorld(options: SimulatorOptions, saved: SavedState | undefined, origin: World['origin']): Promise<{ world: World; seeded: Seeded }> {
  const clock = new SimulatorClock();
  if (options.now !== undefined) clock.set(options.now);
  const settings: Settings = { ...defaultSettings(), rotation: options.rotation ?? true };
  const client = options.client ?? defaultClient;
  const seeded: Seeded = { seed: saved?.seed ?? options.seed ?? 1, size: saved?.size ?? options.size ?? 'believable', seededAt: saved === undefined ? clock.now() : new Date(saved.seededAt) };
  const org = new Org({ now: () => clock.now(), commitDelayMs: () => settings.commitDelayMs });
  seedOrg(org, { seed: seeded.seed, size: seeded.size, now: seeded.seededAt, organizationId: orgId });
  const app: ConnectedApp = { name: 'Tributary', clientId: client.id, secrets: [client.secret], redirectUris: client.redirectUris, publicKeys: saved?.publicKeys ?? [] };
  const tokens = new TokenStore(settings, () => clock.now(), orgId.slice(0, 15));
  return { world: { clock, settings, org, orgId, app, tokens, signingKey: await SigningKey.open(saved?.signingKey), origin }, seeded };
}

/** gRPC and Avro are loaded only where somebody wants them: most tests do not. */
async function startPubSub({ changeEvents = false }: SimulatorOptions, world: World): Promise<PubSubServer | undefined> {
  if (changeEvents === false) return undefined;
  const { PubSubServer: Server } = await import('./pubsub/pubsub-server.ts');
  const server = new Server(world);
  await server.listen(changeEvents === true ? 0 : changeEvents.port);
  return server;
}

async function controlOf(server: PubSubServer): Promise<ChangeEventsControl> {
  const { ChangeEventsControl: Control } = await import('./pubsub/change-events-control.ts');
  return new Control(server);
}

/** What every host answers; the data APIs only on the org's own. */
function handlerOf(world: World, control: { readonly api?: ControlApi }): Handler {
  const routes = oauthRoutes(world);
  const data = new DataApi(world);
  return (request: HttpRequest): Reply | Promise<Reply> => {
    if (request.path.startsWith('/__simulator')) return control.api?.answer(request) ?? json(503, { error: 'The simulator is starting.' });
    const answered = route(routes, request);
    if (answered !== undefined) return answered;
    if (request.host === 'org' && request.path.startsWith('/services/data')) return data.answer(request);
    return json(404, [{ message: 'The requested resource does not exist', errorCode: 'NOT_FOUND' }]);
  };
}

function facade(world: World, parts: Pick<Simulator, 'faults' | 'log' | 'stop' | 'changeEvents'> & { readonly movement: Movement }): Simulator {
  const { clock, settings, org, app, tokens } = world;
  const secret = app.secrets[0] ?? '';
  const [loginOrigin, testOrigin, orgOrigin] = [world.origin('login'), world.origin('test'), world.origin('org')];
  const origins = [loginOrigin, testOrigin, orgOrigin];
  const users = signInUsers(world).filter((row) => isActiveUser(world, row)).map((row) => ({ username: String(row['Username']), name: String(row['Name']), userId: String(row['Id']) }));
  return {
    loginOrigin, testOrigin, orgOrigin, origins, orgId, client: { id: app.clientId, secret }, users, clock, settings, faults: parts.faults, log: parts.log,
    org: new OrgControl(org, () => clock.now()),
    changeEvents: parts.changeEvents,
    app: {
      addPublicKey: (pem) => registerCertificate(world, pem, 'add'),
      setCertificates: (pems) => {
        removeCertificates(world);
        for (const pem of pems) registerCertificate(world, pem, 'add');
      },
      certificates: () => [...app.publicKeys],
      setRedirectUris: (uris) => {
        app.redirectUris = uris;
      },
      rotateSecret: (changed) => {
        app.secrets = [changed];
        tokens.revokeEverything();
      },
    },
    tokens: () => [...tokens.issued(), secret, ...app.secrets.filter((one) => one !== secret)],
    revoke: (username) => {
      if (username === undefined) return tokens.revokeEverything();
      tokens.revokeUser(users.find((user) => user.username === username)?.userId ?? '');
    },
    approve: (authorizeUrl, approval = {}) => approveAsPerson(authorizeUrl, origins, users[0]?.username ?? '', approval),
    move: (times = 1) => {
      for (let step = 0; step < times; step += 1) parts.movement.step();
    },
    setMoving: (everyMs) => {
      parts.movement.stop();
      if (everyMs !== null) parts.movement.start(everyMs);
    },
    stop: parts.stop,
  };
}
