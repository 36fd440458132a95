import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp } from 'node:fs/promises';
import { join } from 'node:path';
import { freePort, until, type ServiceEnvironment } from '@tributary/testing';
import { build } from 'vite';
import { authVariables, type FarSide } from './auth-service.harness.ts';
import type { EndAt } from './ended-service.harness.ts';

const project = join(import.meta.dirname, '..', '..');
/** Two workers may build at the same time. */
const outDir = join('test-results', `ended-${process.env['VITEST_POOL_ID'] ?? '0'}`);
const longestEndMs = 60_000;

/** Bundles the service once, with the entry that can end itself, and with every package: thousands of files cost each start more than all it does. */
export async function buildEndedService(): Promise<void> {
  await build({
    root: project, configFile: false, logLevel: 'error', ssr: { noExternal: true },
    build: { ssr: join('src', 'spec-support', 'ended-service.harness.ts'), target: 'node24', outDir, emptyOutDir: true, reportCompressedSize: false, rolldownOptions: { output: { entryFileNames: 'service.js' } } },
  });
}

/** auth-service in a process of its own. */
export class AuthProcess {
  private constructor(
    private readonly child: ChildProcess,
    readonly origin: string,
    readonly dataFolder: string,
  ) {}

  /**
   * @param dataFolder of a process that ran before; a new one by default
   * @param variables besides those of every process
   */
  static async start(environment: ServiceEnvironment, far: FarSide, dataFolder?: string, variables: NodeJS.ProcessEnv = {}): Promise<AuthProcess> {
    const port = await freePort();
    const folder = dataFolder ?? await mkdtemp(join(environment.dataFolder, 'auth-'));
    const child = fork(join(project, outDir, 'service.js'), {
      execArgv: [],
      stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
      env: { PATH: process.env['PATH'], NODE_NO_WARNINGS: '1', NODE_COMPILE_CACHE: join(project, outDir, 'compiled'), ...authVariables(environment, far, { TRIBUTARY_DATA_DIR: folder, ...variables }), TRIBUTARY_SERVICE_PORT: String(port) },
    });
    const service = new AuthProcess(child, `http://127.0.0.1:${port}`, folder);
    await until('the service is ready', async () => (await fetch(`${service.origin}/health/ready`)).status === 200, 120_000);
    return service;
  }

  get pid(): number {
    return this.child.pid ?? 0;
  }

  /** The process ends itself there. */
  async endAt(end: EndAt): Promise<void> {
    const armed = once(this.child, 'message');
    this.child.send(end);
    await armed;
  }

  /**
   * Waits for its end, at most a minute; then it is ended from outside.
   * @throws Error in that case: where it was cut nobody knows
   */
  async ended(): Promise<void> {
    if (this.child.exitCode !== null || this.child.signalCode !== null) return;
    let late = false;
    const timer = setTimeout(() => {
      late = true;
      this.child.kill('SIGKILL');
    }, longestEndMs);
    await once(this.child, 'exit');
    clearTimeout(timer);
    if (late) throw new Error('the process did not reach the point at which it ends itself within a minute');
  }

  /** Ends it in order, as a restart does. @throws Error when that takes longer than a minute */
  async stop(): Promise<void> {
    this.child.kill('SIGTERM');
    await this.ended();
  }

  async kill(): Promise<void> {
    this.child.kill('SIGKILL');
    await this.ended();
  }
}
