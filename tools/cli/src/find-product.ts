import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { z } from 'zod';
import { CommandFailure } from './command-failure.ts';

/** Where the running product is. */
export interface Product {
  readonly url: string;
  readonly dataDir: string;
}

const RunFile = z.object({ url: z.url().optional() });

export interface Whereabouts {
  readonly url?: string | undefined;
  readonly dataDir?: string | undefined;
}

/**
 * The address as told, or as the running product noted it in its data folder.
 * @param root folder of the repository, which holds the data folder unless it is set
 * @throws CommandFailure `PRODUCT_NOT_RUNNING`
 */
export function findProduct({ url, dataDir }: Whereabouts, env: NodeJS.ProcessEnv, root: string): Product {
  const folder = dataDir === undefined ? resolve(root, env['TRIBUTARY_DATA_DIR'] ?? '.tributary') : resolve(dataDir);
  const address = url ?? env['TRIBUTARY_URL'] ?? noted(folder);
  if (address === undefined) throw new CommandFailure(`Tributary is not running from the data folder ${folder}: start it with npm start, or name it with TRIBUTARY_DATA_DIR or --data-dir.`, 'unreachable', 'PRODUCT_NOT_RUNNING');
  if (!URL.canParse(address)) throw new CommandFailure(`${address} is not an address.`, 'usage', 'URL_INVALID');
  return { url: new URL(address).origin, dataDir: folder };
}

function noted(folder: string): string | undefined {
  try {
    return RunFile.parse(JSON.parse(readFileSync(join(folder, 'run.json'), 'utf8'))).url;
  } catch {
    return undefined;
  }
}
