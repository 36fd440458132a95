import type { ObjectDefinition } from '../definition.ts';
import { bool, createdFields, day, integer, keyOnly, modifiedFields, percent, pick, reference, stampField, text } from '../fields.ts';

export const opportunityStage: ObjectDefinition = {
  name: 'OpportunityStage', label: 'Opportunity Stage', labelPlural: 'Opportunity Stages', keyPrefix: '01J', fields: [
    ...keyOnly, text('MasterLabel', { nameField: true, nillable: false }), text('ApiName'), bool('IsActive'), integer('SortOrder'), bool('IsClosed'), bool('IsWon'),
    pick('ForecastCategory', ['Omitted', 'Pipeline', 'BestCase', 'MostLikely', 'Forecast', 'Closed']),
    pick('ForecastCategoryName', ['Omitted', 'Pipeline', 'Best Case', 'Most Likely', 'Commit', 'Closed']), percent('DefaultProbability'), text('Description'),
    ...createdFields, ...modifiedFields, stampField,
  ],
};

export const fiscalYearSettings: ObjectDefinition = {
  name: 'FiscalYearSettings', label: 'Fiscal Year Settings', labelPlural: 'Fiscal Year Settings', keyPrefix: '022', fields: [
    ...keyOnly, reference('PeriodId', 'Period'), day('StartDate'), day('EndDate'), text('Name', { length: 80, nameField: true }), bool('IsStandardYear'),
    pick('YearType', ['Standard', 'Custom']), pick('QuarterLabelScheme', ['NumberByYear']), pick('PeriodLabelScheme', ['StandardPrefix']), stampField,
  ],
};

export const period: ObjectDefinition = {
  name: 'Period', label: 'Period', labelPlural: 'Periods', keyPrefix: '026', fields: [
    ...keyOnly, reference('FiscalYearSettingsId', 'FiscalYearSettings'), pick('Type', ['Month', 'Quarter', 'Week', 'Year']), day('StartDate', { nillable: false }),
    day('EndDate', { nillable: false }), stampField, bool('IsForecastPeriod'), pick('QuarterLabel', ['Q1', 'Q2', 'Q3', 'Q4']), pick('PeriodLabel', ['P1', 'P2', 'P3']),
    integer('Number'), text('FullyQualifiedLabel', { length: 80, nameField: true }),
  ],
};
