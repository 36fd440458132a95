import { spawn, type ChildProcess } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { connect as dial } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { busPermissions } from '@tributary/event-contracts';
import { freePort } from '@tributary/launcher/free-port';

/** A nats-server of one test file, with JetStream and the product's own users; each user's password is its name. */
export class TestNats {
  #process: ChildProcess | undefined;

  private constructor(
    private readonly program: string,
    private readonly folder: string,
    readonly port: number,
  ) {}

  static async start(program: string): Promise<TestNats> {
    const folder = await mkdtemp(join(tmpdir(), 'tributary-nats-'));
    const nats = new TestNats(program, folder, await freePort());
    await writeFile(join(folder, 'nats.conf'), configuration(nats.port, nats.storeFolder));
    await nats.restart();
    return nats;
  }

  get storeFolder(): string {
    return join(this.folder, 'jetstream');
  }

  /** Address for one of the product's users. */
  url(user: 'auth' | 'ingest' | 'analytics' | 'gateway' | 'admin' | 'observer'): string {
    return `nats://${user}:${user}@127.0.0.1:${this.port}`;
  }

  /** Starts the server again after `kill`. */
  async restart(): Promise<void> {
    this.#process = spawn(this.program, ['-c', join(this.folder, 'nats.conf')], { stdio: 'ignore' });
    await untilListening(this.port);
  }

  /** Ends the server as a crash would. */
  async kill(): Promise<void> {
    const child = this.#process;
    if (child === undefined || child.exitCode !== null || child.signalCode !== null) return;
    const { promise, resolve } = Promise.withResolvers<void>();
    child.once('exit', () => resolve());
    child.kill('SIGKILL');
    await promise;
    this.#process = undefined;
  }

  /** Deletes everything JetStream has stored. */
  async eraseStore(): Promise<void> {
    await rm(this.storeFolder, { recursive: true, force: true });
  }

  async stop(): Promise<void> {
    await this.kill();
    await rm(this.folder, { recursive: true, force: true });
  }
}

function configuration(port: number, storeFolder: string): string {
  const list = (subjects: readonly string[]): string => JSON.stringify(subjects);
  const users = Object.entries(busPermissions()).map(([user, may]) => `{ user: ${user}, password: ${user}, permissions: {
      publish: { allow: ${list(may.publish)}, deny: ${list(may.denyPublish)} }, subscribe: { allow: ${list(may.subscribe)} }${may.allowResponses ? ', allow_responses: { max: 1, expires: "1m" }' : ''} } }`);
  return `host: 127.0.0.1
port: ${port}
max_payload: 1MB
jetstream { store_dir: ${JSON.stringify(storeFolder)}, max_file_store: 4GB }
authorization { users: [ ${users.join(',\n')}, { user: observer, password: observer, permissions: { publish: [">"], subscribe: [">"] } } ] }
`;
}

async function untilListening(port: number): Promise<void> {
  for (let attempt = 0; attempt < 200; attempt += 1) {
    if (await accepts(port)) return;
    await sleep(25);
  }
  throw new Error(`nothing listens on port ${port}`);
}

function accepts(port: number): Promise<boolean> {
  const { promise, resolve } = Promise.withResolvers<boolean>();
  const socket = dial(port, '127.0.0.1', () => resolve(true));
  socket.on('error', () => resolve(false));
  return promise.finally(() => socket.destroy());
}
