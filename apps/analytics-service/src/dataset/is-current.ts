import type { CopyState } from '../engine/protocol.ts';
import { fieldsOfObject, objectOf, type Catalogue } from '../warehouse/catalogue.ts';
import { datasetObjects } from './plan-merge.ts';

/**
 * Whether the copy holds the versions and at least the columns of the catalogue.
 * @param versions `equal` before a comparison with the warehouse: a copy that is ahead may be one of a warehouse that was made anew; `reached` after it
 */
export function isCurrent(state: readonly CopyState[], catalogue: Catalogue, versions: 'equal' | 'reached'): boolean {
  return datasetObjects.every((name) => {
    const copied = objectOf(catalogue, name);
    const fields = fieldsOfObject(catalogue, name);
    const known = stateOf(state, name);
    if (copied === undefined || !fields.some(({ column }) => column === 'id')) return known === undefined || versions === 'reached';
    if (known === undefined) return false;
    const columns = new Set(known.columns.map((column) => column.name));
    const version = BigInt(known.version);
    return (versions === 'equal' ? version === copied.version : version >= copied.version) && fields.every(({ column }) => columns.has(column));
  });
}

/** Whether the copy lacks only news: no object of the catalogue has yet to come whole, so that catching up is short. */
export function lacksOnlyNews(state: readonly CopyState[], catalogue: Catalogue): boolean {
  return state.length > 0 && datasetObjects.every((name) => (objectOf(catalogue, name)?.version ?? 0n) === 0n || BigInt(stateOf(state, name)?.version ?? 0) > 0n);
}

function stateOf(state: readonly CopyState[], name: string): CopyState | undefined {
  return state.find(({ object }) => object.toLowerCase() === name.toLowerCase());
}
