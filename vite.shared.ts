import { defineConfig, type UserConfig } from 'vite';

/**
 * Build of a Node service: one bundle per entry with the workspace's own libraries inside and packages outside.
 * @param entries output name → source file, `main` by default
 */
export function serviceBuild(entries: Record<string, string> = { main: 'src/main.ts' }): UserConfig {
  return defineConfig({
    build: {
      ssr: true,
      target: 'node24',
      outDir: 'dist',
      emptyOutDir: true,
      sourcemap: true,
      minify: false,
      reportCompressedSize: false,
      rolldownOptions: { input: entries, output: { entryFileNames: '[name].js', format: 'es' } },
    },
    ssr: { noExternal: [/^@tributary\//] },
    logLevel: 'warn',
  });
}
