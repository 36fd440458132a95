import { setTimeout as sleep } from 'node:timers/promises';
import { messageOf } from '../terminal/start-problem.ts';
import { endsInRow, restartDelayMs } from './backoff.ts';
import type { Part, RunningPart } from './part.ts';

export interface Watcher {
  /** Told when the part runs under another process number. */
  onStart(name: string, pid: number): void;
  /** Told in one line what happened to it. */
  onNews(line: string): void;
}

const probeEveryMs = 10_000;
const silentProbes = 4;

/** A part that is started again whenever it ends. */
export class KeptAlive {
  readonly #part: Part;
  readonly #watcher: Watcher;
  readonly #stopping = new AbortController();
  #starting: Promise<RunningPart> | undefined;
  #running: RunningPart | undefined;
  #loop: Promise<void> = Promise.resolve();

  constructor(part: Part, watcher: Watcher) {
    this.#part = part;
    this.#watcher = watcher;
  }

  get name(): string {
    return this.#part.name;
  }

  /** The first start. @throws StartProblem when the part cannot work */
  async start(): Promise<void> {
    const running = await this.#begin();
    this.#loop = this.#keep(running);
    await running.ready();
  }

  /** Ends the part for good, also while it is being started. */
  async stop(): Promise<void> {
    this.#stopping.abort();
    await this.#running?.stop();
    await this.#starting?.then((running) => running.stop(), () => undefined);
    await this.#loop;
  }

  /** Ends the part for good, at once. */
  async kill(): Promise<void> {
    this.#stopping.abort();
    await this.#running?.kill();
    await this.#starting?.then((running) => running.kill(), () => undefined);
  }

  async #begin(): Promise<RunningPart> {
    this.#starting = this.#part.start();
    const running = await this.#starting;
    this.#running = running;
    this.#watcher.onStart(this.#part.name, running.pid);
    return running;
  }

  async #keep(first: RunningPart): Promise<void> {
    let running: RunningPart | undefined = first;
    let inRow = 0;
    let lastNews = '';
    const tell = (line: string): void => {
      if (line !== lastNews && !this.#stopping.signal.aborted) this.#watcher.onNews(line);
      lastNews = line;
    };
    while (!this.#stopping.signal.aborted) {
      const bornAt = performance.now();
      const how = running === undefined ? 'did not start' : await this.#watch(running);
      const livedMs = performance.now() - bornAt;
      inRow = endsInRow(inRow, livedMs);
      if (running !== undefined) tell(`${this.name} ended (${how}) and is started again.`);
      await sleep(restartDelayMs(inRow, livedMs), undefined, { signal: this.#stopping.signal }).catch(() => undefined);
      if (this.#stopping.signal.aborted) return;
      running = await this.#again(tell);
    }
  }

  async #again(tell: (line: string) => void): Promise<RunningPart | undefined> {
    try {
      const running = await this.#begin();
      running.ready().then(() => tell(`${this.name} works again.`), (error: unknown) => tell(messageOf(error)));
      return running;
    } catch (error) {
      tell(messageOf(error));
      return undefined;
    }
  }

  /** Waits for the end; a part that no longer answers is ended, which is all that helps it. */
  async #watch(running: RunningPart): Promise<string> {
    const over = new AbortController();
    const ended = running.ended.finally(() => over.abort());
    void this.#probe(running, over.signal);
    return ended;
  }

  async #probe(running: RunningPart, over: AbortSignal): Promise<void> {
    if (this.#part.isAlive === undefined) return;
    await running.ready().catch(() => undefined);
    const until = AbortSignal.any([over, this.#stopping.signal]);
    for (let silent = 0; !until.aborted; ) {
      await sleep(probeEveryMs, undefined, { signal: until, ref: false }).catch(() => undefined);
      if (until.aborted) return;
      silent = (await this.#part.isAlive()) ? 0 : silent + 1;
      if (silent === silentProbes) return running.kill();
    }
  }
}
