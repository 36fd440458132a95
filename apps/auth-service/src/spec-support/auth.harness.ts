import { connect, type NatsConnection } from '@nats-io/transport-node';
import { startSimulator, type Simulator, type SimulatorOptions } from '@tributary/salesforce-simulator';
import { aServiceEnvironment, ended, until, type ServiceEnvironment } from '@tributary/testing';
import type { Clock } from '@tributary/service-kit';
import { anAuthService, Asker, listenToBus, type RunningAuth } from './auth-service.harness.ts';
import { connectAs, type ConnectedPerson } from './connected.harness.ts';

export interface AuthHarnessOptions {
  readonly simulator?: SimulatorOptions;
  readonly variables?: NodeJS.ProcessEnv;
  /** Replaces the clock of the service; the database keeps its own. */
  readonly now?: Clock;
}

/** One auth-service on a database of its own, with a simulated Salesforce and those who ask it; shared by the tests of a file. */
export class AuthHarness {
  private constructor(
    readonly environment: ServiceEnvironment,
    readonly simulator: Simulator,
    readonly auth: RunningAuth,
    readonly gateway: Asker,
    readonly ingest: Asker,
    /** What is published from the start on. */
    readonly bus: Awaited<ReturnType<typeof listenToBus>>,
    /** Publishes as other services do. */
    readonly others: NatsConnection,
  ) {}

  static async start({ simulator: options = { size: 'empty' }, variables, now }: AuthHarnessOptions = {}): Promise<AuthHarness> {
    const [environment, simulator] = await Promise.all([aServiceEnvironment(), startSimulator(options)]);
    const bus = await listenToBus(environment);
    const auth = await anAuthService(environment, simulator, { ...(variables === undefined ? {} : { variables }), ...(now === undefined ? {} : { now }) });
    const observer = connect({ servers: `127.0.0.1:${environment.nats.port}`, user: 'observer', pass: 'observer' });
    const [gateway, ingest, others] = await Promise.all([Asker.as('gateway', environment), Asker.as('ingest', environment), observer]);
    return new AuthHarness(environment, simulator, auth, gateway, ingest, bus, others);
  }

  /** Connects a user of the simulator's org, by their place in its list. */
  async connect(user = 0): Promise<ConnectedPerson> {
    return connectAs(this.auth, this.simulator, this.gateway, { username: this.simulator.users[user]?.username ?? '' });
  }

  /** Until no grant is being revoked: a consent revokes the one it replaced in the background. */
  async nothingToRevoke(): Promise<void> {
    await until('nothing is left to revoke', async () => (await this.auth.pool.query('select from revocation')).rowCount === 0);
  }

  async stop(): Promise<void> {
    await ended('those who ask', Promise.all([this.gateway.stop(), this.ingest.stop(), this.bus.stop(), this.others.close()]));
    await ended('auth-service', this.auth.app.close());
    await ended('the simulator', this.simulator.stop());
    await ended('the servers', this.environment.stop());
  }
}
