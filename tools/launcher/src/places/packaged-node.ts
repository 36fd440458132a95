import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { repositoryRoot } from './places.ts';

/** The Node 24 that is installed with the product, or the one this runs on. */
export function packagedNode(): string {
  const program = join(repositoryRoot, 'node_modules', `node-linux-${process.arch}`, 'bin', 'node');
  return existsSync(program) ? program : process.execPath;
}
