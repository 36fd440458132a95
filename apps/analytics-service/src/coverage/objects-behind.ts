import { sourcesOf, type Plan } from '../question/plan.ts';
import { objectOf, type Catalogue, type CopiedObject } from '../warehouse/catalogue.ts';

/** The objects a figure depends on, the deals first. */
export function objectsBehind(plan: Plan, catalogue: Catalogue): readonly CopiedObject[] {
  const sources = sourcesOf(plan);
  const fields = plan.dimensions.filter((dimension) => dimension.kind === 'field');
  const names = [
    'Opportunity',
    ...(sources.has('account') || fields.some(({ people }) => people === 'account') ? ['Account'] : []),
    ...(sources.has('owner') || fields.some(({ people }) => people === 'owner') ? ['User'] : []),
    ...(fields.some(({ order }) => order === 'stage') ? ['OpportunityStage'] : []),
    ...(plan.fiscal.source === 'period' && usesFiscalYear(plan) ? ['Period'] : []),
  ];
  return names.flatMap((name) => objectOf(catalogue, name) ?? []);
}

/** Whether the answer depends on how the org divides its years. */
export function usesFiscalYear(plan: Plan): boolean {
  return plan.period?.isFiscal === true || plan.dimensions.some((dimension) => dimension.kind === 'time' && dimension.grain.startsWith('fiscal'));
}
