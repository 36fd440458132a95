import type { Automation, Change } from './automation.ts';
import { fiscalOf } from './fiscal.ts';
import type { Org } from './org.ts';
import { stageNamed } from './stages.ts';
import { dateOf, type FieldValue, type Row } from './value.ts';

/** What saving an opportunity derives and records: stage values, fiscal period, pushes, history rows. */
export const opportunityAutomation: Automation = {
  derive: (row, change, org) => deriveOpportunity(row, change, dateOf(new Date(change.stamp)), org),
  after: (row, change, org) => {
    const { stamp, byId } = change;
    const audit = { CreatedDate: stamp, CreatedById: byId, SystemModstamp: stamp };
    const history = historyRow(row, change);
    if (history !== undefined) org.insert('OpportunityHistory', { ...history, ...audit }, new Date(stamp));
    for (const entry of fieldHistoryRows(row, change)) org.insert('OpportunityFieldHistory', { ...entry, ...audit }, new Date(stamp));
  },
};

/** Values that follow from stage, amount and close date. */
export function deriveOpportunity(row: Row, { before, stamp }: Pick<Change, 'before' | 'stamp'>, today: string, org?: Org): Record<string, FieldValue> {
  const stage = stageNamed(String(row['StageName'])) ?? stageNamed('Prospecting');
  const stageChanged = before?.['StageName'] !== row['StageName'];
  const closeDate = String(row['CloseDate'] ?? today);
  const probabilitySet = before !== undefined && before['Probability'] !== row['Probability'];
  const probability = (stageChanged && !probabilitySet) || row['Probability'] === null ? stage?.probability ?? 0 : Number(row['Probability']);
  const fiscal = fiscalOf(closeDate);
  const amount = row['Amount'];
  return {
    CloseDate: closeDate, Probability: probability, IsClosed: stage?.isClosed ?? false, IsWon: stage?.isWon ?? false,
    ForecastCategory: stage?.category ?? 'Pipeline', ForecastCategoryName: stage?.categoryName ?? 'Pipeline', ExpectedRevenue: expectedRevenue(amount ?? null, probability),
    FiscalYear: fiscal.year, FiscalQuarter: fiscal.quarter, Fiscal: `${fiscal.year} ${fiscal.quarter}`,
    LastStageChangeDate: stageChanged && before !== undefined ? stamp : (row['LastStageChangeDate'] ?? null), PushCount: Number(row['PushCount'] ?? 0) + pushed(before, closeDate),
    OwnerId: row['OwnerId'] ?? org?.systemUserId ?? null, HasOpportunityLineItem: row['HasOpportunityLineItem'] ?? false, IsPrivate: row['IsPrivate'] ?? false,
  };
}

/** Amount times probability, in cents, as the field shows it. */
export function expectedRevenue(amount: FieldValue, probability: number): number | null {
  return typeof amount === 'number' ? Math.round(amount * probability) / 100 : null;
}

/** A push is a move into a later calendar month. */
function pushed(before: Row | undefined, closeDate: string): number {
  const old = before?.['CloseDate'];
  return typeof old === 'string' && closeDate.slice(0, 7) > old.slice(0, 7) ? 1 : 0;
}

/** A row for creation and for each change of stage, amount, probability or close date. */
export function historyRow(row: Row, { before }: Pick<Change, 'before'>): Record<string, FieldValue> | undefined {
  const watched = ['StageName', 'Amount', 'Probability', 'CloseDate'];
  if (before !== undefined && watched.every((field) => before[field] === row[field])) return undefined;
  return {
    OpportunityId: row['Id'] ?? null, StageName: row['StageName'] ?? null, Amount: row['Amount'] ?? null, ExpectedRevenue: row['ExpectedRevenue'] ?? null, CloseDate: row['CloseDate'] ?? null,
    Probability: row['Probability'] ?? null, ForecastCategory: row['ForecastCategory'] ?? null, PrevAmount: before?.['Amount'] ?? null, PrevCloseDate: before?.['CloseDate'] ?? null, IsDeleted: false,
  };
}

const tracked = [['StageName', 'StageName', 'Text'], ['Amount', 'Amount', 'Currency'], ['CloseDate', 'CloseDate', 'DateOnly'], ['OwnerId', 'Owner', 'EntityId']] as const;

export function fieldHistoryRows(row: Row, { before }: Pick<Change, 'before'>): Record<string, FieldValue>[] {
  if (before === undefined) return [{ OpportunityId: row['Id'] ?? null, Field: 'created', DataType: 'Text', OldValue: null, NewValue: null, IsDeleted: false }];
  return tracked.filter(([field]) => before[field] !== row[field]).map(([field, Field, DataType]) => ({
    OpportunityId: row['Id'] ?? null, Field, DataType, OldValue: asText(before[field]), NewValue: asText(row[field]), IsDeleted: false,
  }));
}

function asText(value: FieldValue | undefined): string | null {
  return value === null || value === undefined ? null : String(value);
}
