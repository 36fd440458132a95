import { readFileSync } from 'node:fs';
import type { TestProject } from 'vitest/node';
import { aProduct } from './harness/a-product.ts';
import type { StartedProduct } from './harness/product.ts';

/** Starts the product that most files share; or takes the running one that the file in `TRIBUTARY_E2E_PRODUCT` tells of. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const running = process.env['TRIBUTARY_E2E_PRODUCT'];
  if (running !== undefined && running !== '') {
    project.provide('product', JSON.parse(readFileSync(running, 'utf8')) as StartedProduct);
    return async () => undefined;
  }
  const { stop, ...product } = await aProduct();
  project.provide('product', product);
  return stop;
}
