import { Injectable } from '@nestjs/common';

/** Lets whoever opened a run in this process start it without waiting for the next look at the table. */
@Injectable()
export class RunWakeUp {
  #wake: () => void = () => undefined;

  now(): void {
    this.#wake();
  }

  /** Resolves at the next wake-up, after `ms` at the latest, or when stopped. */
  async next(ms: number, signal: AbortSignal): Promise<void> {
    if (signal.aborted) return;
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#wake = resolve;
    const timer = setTimeout(resolve, ms);
    const stop = (): void => resolve();
    signal.addEventListener('abort', stop, { once: true });
    await promise;
    signal.removeEventListener('abort', stop);
    clearTimeout(timer);
    this.#wake = () => undefined;
  }
}
