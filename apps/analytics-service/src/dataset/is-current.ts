import type { CopyState } from '../engine/protocol.ts';
import { fieldsOfObject, objectOf, type Catalogue } from '../warehouse/catalogue.ts';
import { datasetObjects } from './plan-merge.ts';

/** Whether the copy holds exactly the versions and at least the columns of the catalogue. */
export function isCurrent(state: readonly CopyState[], catalogue: Catalogue): boolean {
  return datasetObjects.every((name) => {
    const copied = objectOf(catalogue, name);
    const fields = fieldsOfObject(catalogue, name);
    const known = state.find(({ object }) => object.toLowerCase() === name.toLowerCase());
    if (copied === undefined || fields.length === 0) return known === undefined;
    if (known === undefined || BigInt(known.version) !== copied.version) return false;
    const columns = new Set(known.columns.map((column) => column.name));
    return fields.every(({ column }) => columns.has(column));
  });
}
