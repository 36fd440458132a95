import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { ESLint, type Linter } from 'eslint';
import tseslint from 'typescript-eslint';
import { workspaceRoot } from './workspace.ts';

/** A finding, short enough to read in a failed assertion. */
export interface Finding {
  readonly rule: string;
  readonly message: string;
}

/** Lints text as if it stood in `file` (from the root); the file need not exist. */
export function lintVirtual(): (file: string, code: string) => Promise<readonly Finding[]> {
  const withoutTypes = { files: ['**/*.ts', '**/*.vue'], ...tseslint.configs.disableTypeChecked, languageOptions: { parserOptions: { projectService: false, program: null, project: false } } };
  const eslint = new ESLint({ cwd: workspaceRoot, overrideConfig: [withoutTypes] as Linter.Config[] });
  return async (file, code) => {
    const [result] = await eslint.lintText(code, { filePath: join(workspaceRoot, file) });
    return (result?.messages ?? []).map(({ ruleId, message }) => ({ rule: ruleId ?? 'parse', message }));
  };
}

/**
 * Lints files by the rules that need types or other files, in a folder of their own which is gone afterwards.
 * @param files text by file name
 * @returns the rules that spoke, by file name
 */
export async function lintNative(files: Readonly<Record<string, string>>): Promise<ReadonlyMap<string, readonly string[]>> {
  const folder = mkdtempSync(join(tmpdir(), 'tributary-lint-'));
  try {
    writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify({ compilerOptions: { strict: true, target: 'es2024', module: 'nodenext', moduleDetection: 'force', types: [] } }));
    for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text);
    const said = await oxlint(['--config', join(workspaceRoot, '.oxlintrc.json'), '--format', 'json', folder]);
    const { diagnostics } = JSON.parse(said) as { diagnostics: readonly { readonly filename: string; readonly code: string }[] };
    const byFile = Map.groupBy(diagnostics, ({ filename }) => basename(filename));
    return new Map([...byFile].map(([name, list]) => [name, list.map(({ code }) => code)]));
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** The configuration that holds for a file. */
export async function configOf(file: string): Promise<Linter.Config> {
  return (await new ESLint({ cwd: workspaceRoot }).calculateConfigForFile(join(workspaceRoot, file))) as Linter.Config;
}

/** @returns what it prints; it ends with an error when it finds something */
async function oxlint(options: readonly string[]): Promise<string> {
  return new Promise((resolve, reject) => {
    execFile(join(workspaceRoot, 'node_modules', '.bin', 'oxlint'), options, { cwd: workspaceRoot }, (error, stdout) => {
      if (stdout.startsWith('{')) resolve(stdout);
      else reject(error ?? new Error(`oxlint printed no findings: ${stdout}`));
    });
  });
}
