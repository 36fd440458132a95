import { existsSync } from 'node:fs';
import { chromium, type Browser } from '@playwright/test';

const candidates = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome', '/usr/bin/google-chrome-stable'];

/** Path of the machine's Chromium; undefined when there is none. */
export function chromiumPath(): string | undefined {
  const given = process.env['TRIBUTARY_CHROMIUM'];
  return given !== undefined && given !== '' ? given : candidates.find((path) => existsSync(path));
}

/**
 * Whether the tests in a browser can run. Says loudly when not.
 * @throws Error under `CI=true`, where a skipped browser is a failure
 */
export function hasBrowser(): boolean {
  if (chromiumPath() !== undefined) return true;
  const message = 'NO CHROMIUM ON THIS MACHINE: the end-to-end tests in a browser are skipped. Install chromium, or set TRIBUTARY_CHROMIUM to its path.';
  if (process.env['CI'] === 'true') throw new Error(message);
  console.warn(`\n${'!'.repeat(message.length)}\n${message}\n${'!'.repeat(message.length)}\n`);
  return false;
}

export async function openBrowser(): Promise<Browser> {
  const executablePath = chromiumPath();
  if (executablePath === undefined) throw new Error('there is no Chromium on this machine');
  return chromium.launch({
    executablePath, headless: true,
    args: ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync', '--disable-dev-shm-usage'],
  });
}
