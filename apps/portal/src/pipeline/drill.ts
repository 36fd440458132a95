import type { RouteLocationRaw } from 'vue-router';
import type { Figure } from './figure.ts';

/** The record list behind a figure; undefined when the server gave no way to it. */
export function drillTo(connectionId: string, figure: Figure, label: string): RouteLocationRaw | undefined {
  if (figure.drill === undefined) return undefined;
  return {
    name: 'records',
    params: { c: connectionId, object: figure.object },
    query: {
      filter: figure.drill, of: label,
      ...(figure.value === null ? {} : { value: figure.value }),
      ...(figure.column === undefined ? {} : { metric: figure.column.key }),
      ...(figure.column?.unit === undefined ? {} : { unit: figure.column.unit }),
      ...(typeof figure.column?.currency === 'string' ? { currency: figure.column.currency } : {}),
    },
  };
}
