import { AnalyticsQuery } from '@tributary/api-contracts';
import { dimensionOf, filterTargetOf } from '../question/dimensions.ts';
import type { Plan, Test } from '../question/plan.ts';
import { planQuery } from '../question/plan-query.ts';
import { resolveFilters } from '../question/resolve-filter.ts';
import type { ConnectionContext } from '../warehouse/read-context.ts';
import type { Drill } from './drill.ts';

/** The plan of a clicked cell: the same question, held to the cell's values, with the "today" it was asked on. */
export function drillPlan(drill: Drill, { catalogue, org }: ConnectionContext, now: Date): Plan {
  const query = AnalyticsQuery.parse({ metrics: drill.m, filters: drill.f ?? [], ...(drill.p === undefined ? {} : { period: drill.p }) });
  const plan = { ...planQuery(query, catalogue, org, now), today: drill.t };
  const cell = Object.entries(drill.c ?? {}).map(([key, value]) => cellTest(key, value, drill, plan, { catalogue, org }));
  return { ...plan, tests: [...plan.tests, ...cell] };
}

function cellTest(key: string, value: string | null, { g: grain }: Drill, plan: Plan, { catalogue, org }: ConnectionContext): Test {
  if (key === 'time' && grain !== undefined) return { is: 'bucket', grain, from: value };
  const dimension = dimensionOf(catalogue, key);
  if (dimension.kind === 'time') return { is: 'bucket', grain: dimension.grain, from: value };
  const [test] = resolveFilters([{ field: key, op: 'eq', value }], { resolve: (name) => filterTargetOf(catalogue, name), zone: org.zone, fiscal: org.fiscal, today: plan.today });
  return test ?? { is: 'all', of: [] };
}
