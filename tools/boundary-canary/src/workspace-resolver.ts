import { existsSync, statSync } from 'node:fs';
import { isBuiltin } from 'node:module';
import { dirname, join } from 'node:path';
import { doorFile, readProjects } from './workspace.ts';

const projects = readProjects();

/** Version of the resolver interface of eslint-module-utils. */
export const interfaceVersion = 2;

/** The file an import leads to: projects by their doors, relative paths as written; packages outside stay unresolved. */
export function resolve(source: string, importer: string): { found: boolean; path?: string | null } {
  if (isBuiltin(source)) return { found: true, path: null };
  const path = source.startsWith('.') ? existing(join(dirname(importer), source)) : doorFile(projects, source);
  return path === undefined ? { found: false } : { found: true, path };
}

function existing(path: string): string | undefined {
  return existsSync(path) && statSync(path).isFile() ? path : undefined;
}
