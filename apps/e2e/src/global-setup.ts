import { readFileSync } from 'node:fs';
import { startProduct } from '@tributary/launcher';
import type { TestProject } from 'vitest/node';
import { aDataFolder } from './harness/data-folder.ts';
import type { StartedProduct } from './harness/product.ts';

/** Starts the product once, as `npm start` does, with its own simulator; or takes the running one that the file in `TRIBUTARY_E2E_PRODUCT` tells of. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const running = process.env['TRIBUTARY_E2E_PRODUCT'];
  if (running !== undefined && running !== '') {
    project.provide('product', JSON.parse(readFileSync(running, 'utf8')) as StartedProduct);
    return async () => undefined;
  }
  const folder = await aDataFolder();
  const lines: string[] = [];
  const product = await startProduct({
    dataDir: folder.path, env: { NODE_ENV: 'development', TRIBUTARY_SYNC_INTERVAL_SECONDS: '5' }, onLine: (line) => lines.push(line),
  }).catch(async (error: unknown) => {
    await folder.remove();
    throw new Error(`The product did not start.\n${lines.join('\n')}`, { cause: error });
  });
  const { url, postgresUrl, simulatorOrigin, logFolder } = product;
  project.provide('product', { url, postgresUrl, simulatorOrigin: simulatorOrigin ?? '', logFolder, dataDir: folder.path, lines });
  return async () => {
    await product.stop();
    await folder.remove();
  };
}
