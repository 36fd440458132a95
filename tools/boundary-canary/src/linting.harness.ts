import { join } from 'node:path';
import { ESLint, type Linter } from 'eslint';
import tseslint from 'typescript-eslint';
import { workspaceRoot } from './workspace.ts';

/** A finding, short enough to read in a failed assertion. */
export interface Finding {
  readonly rule: string;
  readonly message: string;
}

/** Lints text as if it stood in `file` (from the root); the file need not exist. Rules that need types are off. */
export function lintVirtual(): (file: string, code: string) => Promise<readonly Finding[]> {
  return linter([{ files: ['**/*.ts', '**/*.vue'], ...tseslint.configs.disableTypeChecked, languageOptions: { parserOptions: { projectService: false, program: null, project: false, experimentalDecorators: true, emitDecoratorMetadata: true } } }] as Linter.Config[]);
}

/** Lints text in the place of an existing file, with types. */
export function lintTyped(): (file: string, code: string) => Promise<readonly Finding[]> {
  return linter([]);
}

/** The configuration that holds for a file. */
export async function configOf(file: string): Promise<Linter.Config> {
  return (await new ESLint({ cwd: workspaceRoot }).calculateConfigForFile(join(workspaceRoot, file))) as Linter.Config;
}

function linter(overrideConfig: Linter.Config[]): (file: string, code: string) => Promise<readonly Finding[]> {
  const eslint = new ESLint({ cwd: workspaceRoot, overrideConfig });
  return async (file, code) => {
    const [result] = await eslint.lintText(code, { filePath: join(workspaceRoot, file) });
    return (result?.messages ?? []).map(({ ruleId, message }) => ({ rule: ruleId ?? 'parse', message }));
  };
}
