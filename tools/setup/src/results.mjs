import { existsSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { countsOf, failuresOf } from './counts.mjs';
import { root } from './root.mjs';

/** Projects with a script of this name, as paths from the root. */
export function projectsWith(script) {
  const folders = ['apps', 'libs', 'tools'].flatMap((group) => readdirSync(join(root, group)).map((name) => join(group, name)));
  return folders.filter((folder) => existsSync(join(root, folder, 'package.json')) && script in (JSON.parse(readFileSync(join(root, folder, 'package.json'), 'utf8')).scripts ?? {}));
}

const resultFile = (project) => join(root, project, 'test-results', 'vitest.json');

/** Removes what earlier runs left, so that only this run's results count; Nx puts back those of cached runs. */
export function forgetResults(projects) {
  for (const project of projects) rmSync(resultFile(project), { force: true });
}

/**
 * Result of each project; undefined when its run left none.
 * @returns {{ project: string, counts: import('./counts.mjs').Counts | undefined, failures: string[] }[]}
 */
export function readResults(projects) {
  return projects.map((project) => ({ project, ...readResult(project) }));
}

function readResult(project) {
  try {
    const result = JSON.parse(readFileSync(resultFile(project), 'utf8'));
    return { counts: countsOf(result), failures: failuresOf(result) };
  } catch {
    return { counts: undefined, failures: [] };
  }
}
