import { fork, type ChildProcess } from 'node:child_process';
import { mkdirSync, rmSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { CopyFailed, CopyTimeout } from './copy-failure.ts';
import type { ChildReply, ChildResults, ChildTask } from './protocol.ts';

export interface HostSettings {
  readonly threads: number;
  /** DuckDB's own limit; the process may reach 1.8 times that and 150 MB. */
  readonly memoryMb: number;
}

interface Waiting {
  resolve(value: unknown): void;
  reject(error: Error): void;
}

/** Milliseconds a child may ignore an interruption or an opening before it is killed. */
const obeyWithinMs = 2_000;
const openWithinMs = 30_000;
/** Milliseconds for one step of a merge. */
const workWithinMs = 300_000;

/** One analysis copy in a process of its own: whatever happens in there, the service stays. */
export class DuckDbHost {
  readonly #child: ChildProcess;
  readonly #waiting = new Map<number, Waiting>();
  #nextId = 1;
  #inode = 0n;
  #closed = false;
  #rssBytes = 0;
  usedAt = performance.now();

  private constructor(
    readonly file: string,
    private readonly settings: HostSettings,
  ) {
    this.#child = fork(childProgram(), [], { env: { NODE_NO_WARNINGS: '1' }, execArgv: [], serialization: 'advanced', stdio: ['ignore', 'ignore', 'inherit', 'ipc'] });
    this.#child.on('message', (reply: ChildReply) => this.#settle(reply));
    this.#child.on('error', () => this.#end());
    this.#child.on('exit', () => this.#end());
  }

  /** Opens the file, which is made when it is missing. @throws CopyFailed when it cannot be opened; no process is left */
  static async open(file: string, settings: HostSettings): Promise<DuckDbHost> {
    mkdirSync(dirname(file), { recursive: true });
    const host = new DuckDbHost(file, settings);
    try {
      await host.#within(host.#send({ do: 'open', file, spillFolder: `${file}.spill`, threads: settings.threads, memoryMb: settings.memoryMb }), openWithinMs);
      host.#inode = inodeOf(file) ?? 0n;
      return host;
    } catch (error) {
      await host.close();
      throw error;
    }
  }

  get pid(): number | undefined {
    return this.#child.pid;
  }

  /** Alive, and its file is still the one on disk. */
  get isUsable(): boolean {
    return !this.#closed && inodeOf(this.file) === this.#inode;
  }

  get isClosed(): boolean {
    return this.#closed;
  }

  get isOverBudget(): boolean {
    return this.#rssBytes > (this.settings.memoryMb * 1.8 + 150) * 1024 * 1024;
  }

  get isBusy(): boolean {
    return this.#waiting.size > 0;
  }

  /**
   * Runs one task. A query that takes longer than its time is interrupted, and the child killed when it does not obey.
   * @throws CopyTimeout when a query's time was up; CopyFailed for everything else, the death of the child included
   */
  async run<Task extends ChildTask>(task: Task): Promise<ChildResults[Task['do']]> {
    this.usedAt = performance.now();
    const answer = this.#send(task);
    const result = await this.#within(answer, task.do === 'query' ? task.timeoutMs + obeyWithinMs : workWithinMs);
    return result as ChildResults[Task['do']];
  }

  async close(): Promise<void> {
    if (this.#child.exitCode !== null || this.#child.signalCode !== null) return;
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#child.once('exit', () => resolve());
    this.#child.kill('SIGKILL');
    await promise;
  }

  #send(task: ChildTask): Promise<unknown> {
    if (this.#closed) return Promise.reject(new CopyFailed('the process of the copy has ended'));
    const id = this.#nextId++;
    const { promise, resolve, reject } = Promise.withResolvers<unknown>();
    this.#waiting.set(id, { resolve, reject });
    this.#child.send({ id, ...task }, (error) => {
      if (error !== null && this.#waiting.delete(id)) reject(new CopyFailed(`the process of the copy cannot be reached: ${error.message}`));
    });
    return promise;
  }

  async #within(answer: Promise<unknown>, ms: number): Promise<unknown> {
    const timer = setTimeout(() => this.#child.kill('SIGKILL'), ms);
    return answer.finally(() => clearTimeout(timer));
  }

  #settle(reply: ChildReply): void {
    this.#rssBytes = reply.rssBytes;
    const waiting = this.#waiting.get(reply.id);
    this.#waiting.delete(reply.id);
    if ('result' in reply) return waiting?.resolve(reply.result);
    waiting?.reject(reply.error.kind === 'interrupted' ? new CopyTimeout() : new CopyFailed(reply.error.message));
  }

  #end(): void {
    this.#closed = true;
    for (const { reject } of this.#waiting.values()) reject(new CopyFailed('the process of the copy has ended'));
    this.#waiting.clear();
  }
}

/** Deletes a copy with all that belongs to it. */
export function deleteCopy(file: string): void {
  for (const path of [file, `${file}.wal`, `${file}.spill`]) rmSync(path, { recursive: true, force: true });
}

/** The child's program lies beside this one, in the build as in the sources. */
function childProgram(): string {
  const here = fileURLToPath(import.meta.url);
  return join(dirname(here), here.endsWith('.ts') ? 'duckdb-child.ts' : 'duckdb-child.js');
}

function inodeOf(file: string): bigint | undefined {
  return statSync(file, { bigint: true, throwIfNoEntry: false })?.ino;
}
