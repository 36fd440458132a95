import { join } from 'node:path';
import { defineConfig, type ViteUserConfig } from 'vitest/config';

export interface ProjectTests {
  /** Whether tests need PostgreSQL and nats-server, which are then started once for the run. */
  readonly servers?: boolean;
  /** Milliseconds a test may take. */
  readonly timeoutMs?: number;
  readonly more?: ViteUserConfig;
}

/** Vitest configuration of a project; results are kept as JSON beside it, so that a cached run still counts. */
export function projectTests({ servers = false, timeoutMs = 20_000, more = {} }: ProjectTests = {}): ViteUserConfig {
  return defineConfig({
    ...more,
    test: {
      include: ['src/**/*.spec.ts'],
      passWithNoTests: true,
      testTimeout: timeoutMs,
      hookTimeout: 120_000,
      maxWorkers: 2,
      // Files share no state: a worker that is used again has the packages loaded already.
      isolate: false,
      reporters: ['default', 'json'],
      outputFile: { json: join('test-results', 'vitest.json') },
      ...(servers ? { globalSetup: [join(import.meta.dirname, 'libs', 'testing', 'src', 'global-setup.ts')] } : {}),
      ...more.test,
    },
  });
}
