import { spawn, type ChildProcess } from 'node:child_process';
import { join } from 'node:path';
import { mostResidentBytes, nodeFlags } from '@tributary/testing';
import { build } from 'vite';

const project = join(import.meta.dirname, '..', '..');

/** Builds the service as it is shipped. @returns path of its main file */
export async function buildService(): Promise<string> {
  // Inside the project, so that its packages are found.
  const outDir = join(project, 'test-results', `build-${process.pid}`);
  await build({ root: project, configFile: join(project, 'vite.config.ts'), logLevel: 'error', build: { outDir, emptyOutDir: true } });
  return join(outDir, 'main.js');
}

/** The service as a process of its own, which can be killed. */
export class ServiceProcess {
  readonly #child: ChildProcess;
  readonly #exited: Promise<void>;

  constructor(main: string, variables: NodeJS.ProcessEnv) {
    this.#child = spawn(process.execPath, [...nodeFlags['ingest-service'], main], { env: { ...process.env, ...variables }, stdio: ['ignore', 'ignore', 'inherit'] });
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#child.once('exit', () => resolve());
    this.#exited = promise;
  }

  /** The most memory the process held at once, in bytes. */
  async mostMemory(): Promise<number> {
    if (this.#child.pid === undefined) throw new Error('The process did not start.');
    return mostResidentBytes(this.#child.pid);
  }

  /** Ends the process as a crash would. */
  async kill(): Promise<void> {
    this.#child.kill('SIGKILL');
    await this.#exited;
  }

  /** Asks the process to stop. @returns its exit code */
  async stop(): Promise<number | null> {
    this.#child.kill('SIGTERM');
    await this.#exited;
    return this.#child.exitCode;
  }
}
