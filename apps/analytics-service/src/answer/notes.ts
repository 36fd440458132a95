import type { Coverage } from '@tributary/api-contracts';
import { usesFiscalYear } from '../coverage/objects-behind.ts';
import { metricOf } from '../metric/registry.ts';
import type { Plan } from '../question/plan.ts';
import type { OrgSettings } from '../warehouse/read-org.ts';
import type { EngineRow } from './finish-metric.ts';

type Note = Coverage['notes'][number];

/** What a reader must know to read the figures right. */
export function notesOf(plan: Plan, org: OrgSettings, rows: readonly EngineRow[]): readonly Note[] {
  return [...countNotes(rows[0]), ...missingFieldNotes(plan), ...dimensionNotes(plan, rows), ...calendarNotes(plan, org)];
}

/** Notes are counted over the whole answer: every row carries the same numbers. */
function countNotes(row: EngineRow | undefined): readonly Note[] {
  const counted = (code: string, text: string): readonly Note[] => {
    const n = row?.[code] ?? '0';
    return n === '0' ? [] : [{ code, text, n }];
  };
  return [
    ...counted('amount_missing', 'Deals without an amount count as deals, but add nothing to amounts.'),
    ...counted('amount_not_positive', 'Deals with an amount of zero or less are part of the win rates.'),
  ];
}

function missingFieldNotes(plan: Plan): readonly Note[] {
  const missing = new Set(plan.metrics.flatMap(({ id }) => metricOf(id).wants.filter((name) => !plan.opportunity.has(name.toLowerCase()))));
  return [...missing].map((name) => ({ code: 'field_missing', text: `Opportunity.${name} is not copied from this org: that part of the definition is left out.` }));
}

function dimensionNotes(plan: Plan, rows: readonly EngineRow[]): readonly Note[] {
  const { dimensions, tables, fiscal } = plan;
  const has = (test: (dimension: Plan['dimensions'][number]) => boolean): boolean => dimensions.some(test);
  const outside = fiscal.kind === 'periods' && dimensions.some((dimension, index) => dimension.kind === 'time' && dimension.grain.startsWith('fiscal') && rows.some((row) => row[`d${index}`] === null));
  return [
    ...(has((dimension) => dimension.kind === 'field' && dimension.order === 'stage') && tables.stage === null ? [{ code: 'stage_order_missing', text: 'OpportunityStage is not copied: stages are in alphabetical order.' }] : []),
    ...(has((dimension) => dimension.kind === 'field' && dimension.people === 'owner') && tables.user?.name == null ? [{ code: 'owner_names_missing', text: 'User is not copied: owners are shown by their id.' }] : []),
    ...(has((dimension) => dimension.kind === 'field' && dimension.people === 'account') && tables.account?.name == null ? [{ code: 'account_names_missing', text: 'Account is not copied: accounts are shown by their id.' }] : []),
    ...(outside ? [{ code: 'fiscal_outside', text: 'Some days lie outside the org\'s fiscal calendar (Period rows).' }] : []),
  ];
}

function calendarNotes(plan: Plan, { zoneKnown, fiscal }: OrgSettings): readonly Note[] {
  return [
    ...(usesFiscalYear(plan) && fiscal.source === 'calendar' ? [{ code: 'fiscal_calendar_unknown', text: 'Neither Period nor Organization is copied: the fiscal year is taken to be the calendar year.' }] : []),
    ...(zoneKnown ? [] : [{ code: 'zone_unknown', text: 'The org\'s time zone is not known: days are those of UTC.' }]),
  ];
}
