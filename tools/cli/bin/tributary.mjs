#!/usr/bin/env node
// `npx tributary`: runs the command line with the packaged Node, in the folder it was called from.
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { packagedNode } from '../../setup/src/install.mjs';

const main = join(dirname(fileURLToPath(import.meta.url)), '..', 'src', 'main.ts');

if (!existsSync(packagedNode())) {
  console.error('Tributary is not installed here yet: run npm ci or npm start once.');
  process.exit(3);
}
const child = spawn(packagedNode(), ['--disable-warning=ExperimentalWarning', main, ...process.argv.slice(2)], { stdio: 'inherit' });
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal));
child.once('error', (error) => {
  console.error(`The packaged Node cannot be run (${error.message}).`);
  process.exit(3);
});
child.once('exit', (code) => process.exit(code ?? 1));
