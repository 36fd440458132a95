import { projectTests } from '../../vitest.shared.ts';

/** What measures the memory of its process has a process of its own, in which nothing was done before. */
const measured = ['src/sync-run/wide-object.spec.ts', 'src/sync-run/endless-object.spec.ts'];

export default projectTests({
  servers: true,
  timeoutMs: 90_000,
  more: {
    test: {
      setupFiles: ['src/spec-support/prepared-database.harness.ts'],
      include: [],
      projects: [
        { extends: true, test: { name: 'ingest', include: ['src/**/*.spec.ts'], exclude: measured } },
        { extends: true, test: { name: 'memory', include: measured, isolate: true, sequence: { groupOrder: 1 } } },
      ],
    },
  },
});
