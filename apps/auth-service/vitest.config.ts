import { projectTests } from '../../vitest.shared.ts';

export default projectTests({ servers: true, timeoutMs: 60_000, more: { test: { setupFiles: ['src/spec-support/prepared-database.harness.ts'] } } });
