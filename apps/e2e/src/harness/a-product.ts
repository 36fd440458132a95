import { startProduct } from '@tributary/launcher';
import { aDataFolder } from './data-folder.ts';
import type { StartedProduct } from './product.ts';

/**
 * Starts a product as `npm start` does, with a simulator and a data folder of its own.
 * @throws Error with everything the launcher said
 */
export async function aProduct(): Promise<StartedProduct & { stop(): Promise<void> }> {
  const folder = await aDataFolder();
  const lines: string[] = [];
  const product = await startProduct({
    dataDir: folder.path, env: { NODE_ENV: 'development', TRIBUTARY_SYNC_INTERVAL_SECONDS: '5' }, onLine: (line) => lines.push(line),
  }).catch(async (error: unknown) => {
    await folder.remove();
    throw new Error(`The product did not start.\n${lines.join('\n')}`, { cause: error });
  });
  const { url, postgresUrl, simulatorOrigin = '', logFolder } = product;
  return {
    url, postgresUrl, simulatorOrigin, logFolder, dataDir: folder.path, lines,
    stop: async () => {
      await product.stop();
      await folder.remove();
    },
  };
}
