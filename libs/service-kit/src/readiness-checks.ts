import { Injectable } from '@nestjs/common';

/** What must answer before a service is ready. */
@Injectable()
export class ReadinessChecks {
  readonly #checks = new Map<string, () => Promise<void>>();

  /** Registers a check that throws while its part is not ready. */
  add(name: string, check: () => Promise<void>): void {
    this.#checks.set(name, check);
  }

  /** Runs all checks, each bounded to two seconds; `ready` only when all pass. */
  async run(): Promise<{ ready: boolean; checks: Record<string, 'ok' | 'failed'> }> {
    const results = await Promise.all([...this.#checks].map(async ([name, check]) => [name, await passes(check)] as const));
    return {
      ready: results.every(([, passed]) => passed),
      checks: Object.fromEntries(results.map(([name, passed]) => [name, passed ? 'ok' : 'failed'])),
    };
  }
}

async function passes(check: () => Promise<void>): Promise<boolean> {
  const { promise: late, reject } = Promise.withResolvers<never>();
  const timer = setTimeout(() => reject(new Error('too slow')), 2_000);
  try {
    await Promise.race([check(), late]);
    return true;
  } catch {
    return false;
  } finally {
    clearTimeout(timer);
  }
}
