import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { root } from './root.mjs';
import { environmentOfTools } from './run-node.mjs';

const names = ['chromium', 'chromium-browser', 'google-chrome-stable', 'google-chrome'];

/**
 * Path of a Chromium that runs: found on the machine, else installed from its packages.
 * @returns {{ path: string } | { problem: string }}
 */
export function ensureChromium() {
  const found = findChromium();
  if (found !== undefined) return { path: found };
  const account = administrator();
  if (account === undefined) return { problem: 'there is no Chromium and this account may not install one: run "sudo apt-get install chromium", or set TRIBUTARY_CHROMIUM to its path' };
  console.log('Installing Chromium from the packages of this machine …');
  run(account, ['apt-get', 'update']);
  run(account, ['apt-get', 'install', '--yes', '--no-install-recommends', 'chromium']);
  const installed = findChromium() ?? fromPlaywright();
  return installed === undefined ? { problem: 'Chromium could not be installed; the lines above say why' } : { path: installed };
}

/** @returns {string | undefined} */
function findChromium() {
  const named = process.env['TRIBUTARY_CHROMIUM'];
  const candidates = [...(named ? [named] : []), ...names, ...playwrightBrowsers()];
  return candidates.map(locate).find((path) => path !== undefined && runs(path));
}

function locate(name) {
  if (name.includes('/')) return existsSync(name) ? name : undefined;
  const folders = (process.env['PATH'] ?? '').split(':').filter((folder) => folder !== '');
  return folders.map((folder) => join(folder, name)).find((path) => existsSync(path));
}

/** Some distributions ship a script that only says where to get the browser. */
function runs(path) {
  const { status, stdout } = spawnSync(path, ['--version'], { encoding: 'utf8', timeout: 20_000 });
  return status === 0 && /chrom/i.test(stdout);
}

function playwrightBrowsers() {
  const folder = process.env['PLAYWRIGHT_BROWSERS_PATH'] ?? join(homedir(), '.cache', 'ms-playwright');
  if (!existsSync(folder)) return [];
  const versions = readdirSync(folder).filter((name) => name.startsWith('chromium'));
  return versions.flatMap((name) => ['chrome-linux/chrome', 'chrome-linux64/chrome'].map((path) => join(folder, name, path)));
}

/** Ubuntu has Chromium only as a snap, which containers cannot run. */
function fromPlaywright() {
  spawnSync(join(root, 'node_modules', '.bin', 'playwright'), ['install', '--with-deps', 'chromium'], { cwd: root, stdio: 'inherit', env: environmentOfTools() });
  return findChromium();
}

/** Words before a command that needs an administrator, or undefined when this account is none. */
function administrator() {
  if (process.getuid?.() === 0) return [];
  return spawnSync('sudo', ['-n', 'true'], { stdio: 'ignore' }).status === 0 ? ['sudo', '-n'] : undefined;
}

function run(account, command) {
  const [program, ...parameters] = [...account, ...command];
  spawnSync(program, parameters, { stdio: ['ignore', 'ignore', 'inherit'], env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' } });
}
