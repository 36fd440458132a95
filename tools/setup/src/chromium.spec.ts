import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { ensureChromium } from './chromium.mjs';
import { withoutChromium } from './stages.mjs';

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'tributary-chromium-'));
});

afterEach(() => {
  vi.unstubAllEnvs();
  rmSync(folder, { recursive: true });
});

function aProgram(name: string, says: string): string {
  const path = join(folder, name);
  writeFileSync(path, `#!/bin/sh\necho "${says}"\n`);
  chmodSync(path, 0o755);
  return path;
}

describe('the browser of the end-to-end tests', () => {
  it('is the one that is named, else the first on the machine that is really one', () => {
    const named = aProgram('my-browser', 'Chromium 150.0');
    vi.stubEnv('TRIBUTARY_CHROMIUM', named);
    expect(ensureChromium()).toEqual({ path: named });
    // Ubuntu's program only says where to get the browser.
    aProgram('chromium', 'Command requires the snap');
    const real = aProgram('google-chrome', 'Google Chrome 150.0');
    vi.stubEnv('TRIBUTARY_CHROMIUM', join(folder, 'nothing-here'));
    vi.stubEnv('PATH', folder);
    expect(ensureChromium()).toEqual({ path: real });
  });

  it('is loudly missed on somebody\'s own machine, and its lack is a failure where CI=true', () => {
    const own = withoutChromium('there is no Chromium', false);
    expect(own.said).toContain('THE END-TO-END TESTS ARE SKIPPED: there is no Chromium.');
    expect(own.result).toMatchObject({ passed: true, counts: { failed: 0, skipped: 1 } });
    const checked = withoutChromium('there is no Chromium', true);
    expect(checked.said).toContain('THE END-TO-END TESTS CANNOT RUN');
    expect(checked.result).toMatchObject({ passed: false, counts: { failed: 1, skipped: 0 } });
  });
});
