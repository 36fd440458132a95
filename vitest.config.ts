import { defineConfig } from 'vitest/config';

/** The tests of all projects but the end-to-end tests in one run: what they share is read and transformed once, and no project waits for the last file of another. */
export default defineConfig({
  test: {
    projects: ['{apps,libs,tools}/*/vitest.config.ts', '!apps/e2e/vitest.config.ts'],
    reporters: ['default', 'json'],
    outputFile: { json: 'test-results/vitest.json' },
  },
});
