import { existsSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { join, relative } from 'node:path';
import { countsOf } from './counts.mjs';
import { root } from './root.mjs';

/** Projects with a script of this name, as paths from the root. */
export function projectsWith(script) {
  const folders = ['apps', 'libs', 'tools'].flatMap((group) => readdirSync(join(root, group)).map((name) => join(group, name)));
  return folders.filter((folder) => existsSync(join(root, folder, 'package.json')) && script in (JSON.parse(readFileSync(join(root, folder, 'package.json'), 'utf8')).scripts ?? {}));
}

/** Whether a project has tests at all. */
export function hasSpecs(project) {
  return readdirSync(join(root, project, 'src'), { recursive: true }).some((file) => file.endsWith('.spec.ts'));
}

const resultFile = (folder) => join(root, folder, 'test-results', 'vitest.json');

/** Removes what earlier runs left, so that only this run's result counts. */
export function forgetResult(folder) {
  rmSync(resultFile(folder), { force: true });
}

/**
 * Result of a run; undefined when it left none.
 * @returns {{ counts: import('./counts.mjs').Counts, files: string[] } | undefined} files that were run, from the root
 */
export function readResult(folder) {
  try {
    const result = JSON.parse(readFileSync(resultFile(folder), 'utf8'));
    return { counts: countsOf(result), files: result.testResults.map(({ name }) => relative(root, name)) };
  } catch {
    return undefined;
  }
}
