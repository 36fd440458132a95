import { join } from 'node:path';
import { setInterval } from 'node:timers';
import { natsPart } from '../nats/nats-part.ts';
import { busUsers, type BusUser } from '../nats/nats-configuration.ts';
import { resolveNatsServer } from '../nats/resolve-nats-server.ts';
import { prepareDataFolder, type DataFolder } from '../places/data-folder.ts';
import { freePort, portTrouble } from '../places/free-port.ts';
import { packagedNode } from '../places/packaged-node.ts';
import { repositoryRoot } from '../places/places.ts';
import { withDatabase } from '../postgres/addresses.ts';
import { bootstrapDatabases, ensureDatabase, type DatabaseAddresses } from '../postgres/bootstrap.ts';
import { clusterLocation } from '../postgres/cluster-location.ts';
import { postgresPart } from '../postgres/postgres-part.ts';
import { prepareSecrets, type Secrets } from '../secrets/secrets.ts';
import { buildWhenStale, type BuildGroup } from '../services/build.ts';
import { serviceParts } from '../services/service-part.ts';
import { simulatorPart, type SimulatorPart } from '../services/simulator-process.ts';
import type { Settings } from '../settings/settings.ts';
import type { Environment } from '../settings/variables.ts';
import { Guard } from '../supervise/guard.ts';
import { takeLock, type Lock } from '../supervise/lock.ts';
import { LogFile } from '../supervise/log-file.ts';
import { endLeftOvers, RunFile } from '../supervise/run-file.ts';
import type { Progress } from '../terminal/progress.ts';
import { StartProblem } from '../terminal/start-problem.ts';
import { welcome } from '../terminal/welcome.ts';
import { Crew } from './crew.ts';

const boundLogsEveryMs = 30_000;

/** What runs once the product is ready. */
export interface Launched {
  readonly url: string;
  readonly simulatorOrigin: string | undefined;
  /** Superuser's address of the product's database; of an external server, the address that was given. */
  readonly postgresUrl: string;
}

/** One start of the product on one data folder, from the lock to the last process. */
export class Launch {
  readonly #settings: Settings;
  readonly #env: Environment;
  readonly #progress: Progress;
  readonly #guard = new Guard();
  readonly #logs = new Map<string, LogFile>();
  #lock: Lock | undefined;
  #run: RunFile | undefined;
  #crew: Crew | undefined;
  #timer: NodeJS.Timeout | undefined;
  readonly #stopping = new AbortController();
  #stopped: Promise<void> | undefined;

  constructor(settings: Settings, env: Environment, progress: Progress) {
    this.#settings = settings;
    this.#env = env;
    this.#progress = progress;
  }

  /** @throws StartProblem saying in one sentence what is in the way; call `stop` then, too */
  async start(): Promise<Launched> {
    const { dataDir, masterKey } = this.#settings;
    const data = await prepareDataFolder(dataDir);
    this.#lock = takeLock(data.lockFile, dataDir);
    await endLeftOvers(data.runFile);
    const run = this.#openRun(data);
    const crew = new Crew({ onStart: (name, pid) => run.started(name, pid), onNews: (line) => this.#progress.say(line) });
    this.#crew = crew;
    const [port, secrets] = await Promise.all([this.#publicPort(), prepareSecrets(data.secrets, masterKey)]);
    const publicUrl = this.#settings.publicUrl ?? `http://localhost:${port}`;
    const node = packagedNode();

    const portalBuilt = this.#build('portal', data, node);
    // Its failure is told where it is waited for, which may be later.
    portalBuilt.catch(() => undefined);
    const [addresses, bus, simulator] = await allSettled([
      this.#database(data, secrets, crew),
      this.#bus(data, secrets, crew),
      this.#simulator(data, secrets, publicUrl, node, crew),
      this.#build('services', data, node),
    ]);
    const { gateway, ...others } = await serviceParts({
      env: this.#env, dataDir, portalDir: join(repositoryRoot, 'apps', 'portal', 'dist'), publicUrl, publicPort: port, addresses, busUrlFor: bus, secrets,
      client: this.#settings.client ?? { id: simulator?.clientId ?? '', secret: secrets.simulatorClientSecret },
      simulator, node, guard: this.#guard, logOf: (name) => this.#log(data, name), onPorts: (ports) => run.update({ ports }),
    });
    // The gateway serves the portal, whose build takes longest; the others need not wait for it.
    await allSettled([crew.start(...Object.values(others)), portalBuilt.then(async () => crew.start(gateway))]);

    const url = `http://localhost:${port}`;
    run.update({ url: publicUrl, ports: { public: port }, ...(simulator === undefined ? {} : { simulatorOrigin: simulator.loginOrigin }) });
    this.#progress.plain(welcome({
      url: this.#settings.publicUrl ?? url, seconds: this.#progress.secondsSinceStart(), callback: `${new URL(publicUrl).origin}/connect/salesforce/callback`, logs: data.logs, simulatorOrigin: simulator?.loginOrigin,
    }));
    return { url: publicUrl, simulatorOrigin: simulator?.loginOrigin, postgresUrl: addresses.adminUrl };
  }

  /** Ends everything in order, also a start that is under way. */
  stop(): Promise<void> {
    this.#stopped ??= this.#end();
    return this.#stopped;
  }

  /** Ends everything at once. */
  async kill(): Promise<void> {
    await this.#crew?.kill();
    this.#close();
  }

  async #end(): Promise<void> {
    this.#stopping.abort();
    await this.#crew?.stop();
    this.#close();
  }

  #close(): void {
    clearInterval(this.#timer);
    this.#guard.release();
    this.#run?.remove();
    this.#lock?.release();
  }

  #openRun(data: DataFolder): RunFile {
    const run = new RunFile(data.runFile);
    run.started('launcher', process.pid);
    this.#run = run;
    this.#timer = setInterval(() => this.#logs.forEach((log) => log.bound()), boundLogsEveryMs).unref();
    return run;
  }

  #log(data: DataFolder, name: string): LogFile {
    const log = this.#logs.get(name) ?? new LogFile(join(data.logs, `${name}.log`));
    this.#logs.set(name, log);
    log.bound();
    return log;
  }

  async #publicPort(): Promise<number> {
    const { port } = this.#settings;
    if (port === 0) return freePort();
    const trouble = await portTrouble(port);
    if (trouble === undefined) return port;
    if (trouble === 'forbidden') throw new StartProblem(`Port ${port} is not for this account: set TRIBUTARY_PORT to one from 1024 on, for example TRIBUTARY_PORT=3000 npm start.`);
    throw new StartProblem(`Port ${port} is used by another program: end that program, or set TRIBUTARY_PORT to a free port, for example TRIBUTARY_PORT=${port + 1} npm start.`);
  }

  async #database(data: DataFolder, secrets: Secrets, crew: Crew): Promise<DatabaseAddresses & { adminUrl: string }> {
    const { databaseUrl, warehouseUrl } = this.#settings;
    const adminUrl = databaseUrl ?? (await this.#progress.during('starting PostgreSQL', this.#embeddedDatabase(data, secrets, crew)));
    const addresses = await bootstrapDatabases({ databaseUrl: adminUrl, warehouseUrl, passwords: secrets.rolePasswords, onWarning: (line) => this.#progress.say(line) });
    return { ...addresses, adminUrl };
  }

  async #embeddedDatabase(data: DataFolder, secrets: Secrets, crew: Crew): Promise<string> {
    const { part, url } = await postgresPart(await clusterLocation(data.path), secrets.superuserPassword, this.#log(data, 'postgresql'));
    await crew.start(part);
    await ensureDatabase(url);
    this.#progress.say('PostgreSQL 18 runs.');
    return withDatabase(url, 'tributary');
  }

  async #bus(data: DataFolder, secrets: Secrets, crew: Crew): Promise<Readonly<Record<BusUser, string>>> {
    const { natsUrl } = this.#settings;
    if (natsUrl !== undefined) return sameForAll(natsUrl);
    const program = await this.#progress.during('looking for nats-server', resolveNatsServer({ env: this.#env, onProgress: (line) => this.#progress.say(line) }));
    const { part, urlFor } = await natsPart(program, data.nats, secrets.busPasswords, this.#log(data, 'nats'), this.#guard);
    await crew.start(part);
    this.#progress.say(`nats-server ${program.version} runs (from ${program.source}).`);
    return Object.fromEntries(busUsers.map((user) => [user, urlFor(user)])) as Record<BusUser, string>;
  }

  async #simulator(data: DataFolder, secrets: Secrets, publicUrl: string, node: string, crew: Crew): Promise<SimulatorPart | undefined> {
    if (this.#settings.client !== undefined) return undefined;
    const simulator = await simulatorPart({
      node, folder: data.simulator, clientSecret: secrets.simulatorClientSecret, redirectUri: `${new URL(publicUrl).origin}/connect/salesforce/callback`, log: this.#log(data, 'simulator'), guard: this.#guard,
    });
    await this.#progress.during('starting the Salesforce simulator', crew.start(simulator.part));
    this.#progress.say(`The Salesforce simulator runs at ${simulator.loginOrigin}, because SALESFORCE_CLIENT_ID is not set.`);
    return simulator;
  }

  async #build(group: BuildGroup, data: DataFolder, node: string): Promise<void> {
    const log = this.#log(data, group === 'portal' ? 'build-portal' : 'build');
    const built = await this.#progress.during(`building the ${group}`, buildWhenStale({ group, node, log, signal: this.#stopping.signal, onBegin: () => this.#progress.say(`Building the ${group} …`) }));
    if (built) this.#progress.say(group === 'portal' ? 'The portal is built.' : 'The services are built.');
  }
}

/** Waits for all, so that nothing begins after a failure has been told. @throws the first failure */
async function allSettled<const Work extends readonly Promise<unknown>[]>(work: Work): Promise<{ -readonly [Part in keyof Work]: Awaited<Work[Part]> }> {
  await Promise.allSettled(work);
  return Promise.all(work);
}

function sameForAll(url: string): Readonly<Record<BusUser, string>> {
  return Object.fromEntries(busUsers.map((user) => [user, url])) as Record<BusUser, string>;
}
