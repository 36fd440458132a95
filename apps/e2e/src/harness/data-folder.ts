import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A folder for one started product; removed afterwards unless `TRIBUTARY_E2E_KEEP` is set. */
export async function aDataFolder(): Promise<{ readonly path: string; remove(): Promise<void> }> {
  const path = await mkdtemp(join(tmpdir(), 'tributary-e2e-'));
  await chmod(path, 0o711);
  return {
    path,
    remove: async () => {
      if (process.env['TRIBUTARY_E2E_KEEP'] === undefined) await rm(path, { recursive: true, force: true, maxRetries: 3 });
    },
  };
}
