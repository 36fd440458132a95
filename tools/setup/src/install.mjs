import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from './root.mjs';

const stampFile = join(root, 'node_modules', '.tributary-lock');

/**
 * Installs the dependencies from the lock file unless exactly these are installed; tells what it does.
 * @throws Error with one sentence when npm fails
 */
export async function installWhenNeeded() {
  const wanted = createHash('sha256').update(readFileSync(join(root, 'package-lock.json'))).digest('hex');
  if (isInstalled(wanted)) return;
  console.log('Installing the dependencies (npm ci) …');
  const startedAt = Date.now();
  const timer = setInterval(() => console.log(`  still installing after ${Math.round((Date.now() - startedAt) / 1000)} s …`), 10_000);
  const code = await npmCi().finally(() => clearInterval(timer));
  if (code !== 0) throw new Error(`npm ci failed with code ${code}: its lines above say why; check the network and the free disk space.`);
  writeFileSync(stampFile, wanted);
  console.log(`Installed in ${Math.round((Date.now() - startedAt) / 1000)} s.`);
}

/** A folder that somebody filled with npm themselves, after the lock was written, counts as well. */
function isInstalled(wanted) {
  if (!existsSync(packagedNode())) return false;
  if (existsSync(stampFile)) return readFileSync(stampFile, 'utf8') === wanted;
  return matchesHiddenLock();
}

/** npm leaves its own copy of the lock in node_modules: every package that is needed here must be there with its version. */
function matchesHiddenLock() {
  try {
    const installed = JSON.parse(readFileSync(join(root, 'node_modules', '.package-lock.json'), 'utf8')).packages;
    const locked = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8')).packages;
    return Object.entries(locked).every(([path, { version, optional, link, devOptional, peer }]) =>
      !path.startsWith('node_modules/') || link === true || optional === true || devOptional === true || peer === true || installed[path]?.version === version);
  } catch {
    return false;
  }
}

function npmCi() {
  return new Promise((resolve) => {
    const npm = process.env['npm_execpath'];
    const [program, first] = npm !== undefined && /npm-cli\.js$/.test(npm) ? [process.execPath, [npm]] : ['npm', []];
    const child = spawn(program, [...first, 'ci', '--no-audit', '--no-fund', '--loglevel=error', '--include=dev', '--include=optional'], { cwd: root, stdio: 'inherit', env: environment() });
    child.once('error', () => resolve('that npm cannot be run'));
    child.once('exit', (code, signal) => resolve(code ?? signal));
  });
}

/** Without what an outer npm run hands down, which would change the meaning of this one. */
function environment() {
  const { NODE_ENV: _mode, npm_config_omit: _omit, ...rest } = process.env;
  return rest;
}

/** The Node that is installed with the product. */
export function packagedNode() {
  return join(root, 'node_modules', `node-linux-${process.arch}`, 'bin', 'node');
}
