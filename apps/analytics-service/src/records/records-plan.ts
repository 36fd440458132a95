import { Filter } from '@tributary/api-contracts';
import { InvalidInput } from '@tributary/failures';
import { z } from 'zod';
import { localDay } from '../calendar/zone.ts';
import { filterTargetOf, requireField } from '../question/dimensions.ts';
import type { FieldRef, Plan } from '../question/plan.ts';
import { tablesOf } from '../question/plan-query.ts';
import { resolveFilters } from '../question/resolve-filter.ts';
import { fieldsOfObject, type CopiedObject } from '../warehouse/catalogue.ts';
import type { ConnectionContext } from '../warehouse/read-context.ts';

const Filters = z.array(Filter).max(50);

/** A plan over the rows of any object, without metrics: the listed object stands where deals stand in questions. */
export function recordsPlan(filter: string | undefined, object: CopiedObject, { catalogue, org }: ConnectionContext, now: Date): Plan {
  const today = localDay(now, org.zone);
  const resolve = (key: string): FieldRef | ReturnType<typeof filterTargetOf> => (object.object === 'Opportunity' && !isOwnField(key) ? filterTargetOf(catalogue, key) : ownField(object.object, key));
  const ownField = (name: string, key: string): FieldRef => ({ source: 'opportunity', field: requireField(catalogue, name, key.toLowerCase().startsWith(`${name.toLowerCase()}.`) ? key.slice(name.length + 1) : key) });
  const isOwnField = (key: string): boolean => fieldsOfObject(catalogue, object.object).some(({ name }) => name.toLowerCase() === key.toLowerCase() && name === key);
  return {
    metrics: [], dimensions: [], period: null, order: [], limit: 0, today, zone: org.zone, fiscal: org.fiscal, moneyScale: 2,
    tests: resolveFilters(readFilters(filter), { resolve, zone: org.zone, fiscal: org.fiscal, today }),
    tables: tablesOf(catalogue, object.table),
    opportunity: new Map(fieldsOfObject(catalogue, object.object).map((field) => [field.name.toLowerCase(), field])),
  };
}

function readFilters(filter: string | undefined): readonly Filter[] {
  if (filter === undefined || filter === '') return [];
  try {
    const parsed = Filters.safeParse(JSON.parse(filter));
    if (parsed.success) return parsed.data;
  } catch (cause) {
    throw invalid(cause);
  }
  throw invalid(undefined);
}

function invalid(cause: unknown): InvalidInput {
  return new InvalidInput('records.filter_invalid', 'The filter is neither a drill token nor a JSON list of filters.', { ...(cause === undefined ? {} : { cause }) });
}
