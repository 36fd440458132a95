import type { Fields, HandMadeWarehouse, Row } from './warehouse.harness.ts';

export const opportunityFields: Fields = {
  Name: 'string', StageName: 'picklist', Amount: 'currency:2', Probability: 'percent:0', ExpectedRevenue: 'currency:2', CloseDate: 'date', CreatedDate: 'datetime', OwnerId: 'reference', AccountId: 'reference',
  IsClosed: 'boolean', IsWon: 'boolean', IsDeleted: 'boolean', ForecastCategory: 'picklist', Type: 'picklist', LeadSource: 'picklist', Score__c: 'double:1', Reviewed__c: 'boolean', Checked__c: 'datetime',
};
export const userFields: Fields = { Name: 'string', IsActive: 'boolean', Department: 'string' };
export const accountFields: Fields = { Name: 'string', Industry: 'picklist', Segment__c: 'picklist' };
export const stageFields: Fields = { ApiName: 'string', MasterLabel: 'string', SortOrder: 'int', IsClosed: 'boolean', IsWon: 'boolean' };
export const organizationFields: Fields = { TimeZoneSidKey: 'picklist', FiscalYearStartMonth: 'int', UsesStartDateAsFiscalYearName: 'boolean', DefaultCurrencyIsoCode: 'picklist' };

let made = 0;

/** An open deal of 1,000.00 closing on 2026-12-01; states need only say what they are about. */
export function anOpportunity(fields: Row = {}): Row {
  made += 1;
  return {
    Id: `006${String(made).padStart(15, '0')}`, Name: `Deal ${made}`, StageName: 'Proposal', Amount: '1000.00', Probability: '50', CloseDate: '2026-12-01', CreatedDate: '2026-10-15T10:00:00Z',
    OwnerId: '005A', AccountId: '001A', IsClosed: false, IsWon: false, IsDeleted: false, ForecastCategory: 'Pipeline', Type: 'New Business', LeadSource: 'Web', ...fields,
  };
}

export function aWonDeal(fields: Row = {}): Row {
  return anOpportunity({ StageName: 'Closed Won', IsClosed: true, IsWon: true, Probability: '100', ForecastCategory: 'Closed', CloseDate: '2026-11-10', ...fields });
}

export function aLostDeal(fields: Row = {}): Row {
  return anOpportunity({ StageName: 'Closed Lost', IsClosed: true, IsWon: false, Probability: '0', ForecastCategory: 'Omitted', CloseDate: '2026-11-10', ...fields });
}

/** Users, accounts, stages and an Organization in Berlin whose fiscal year begins in February and is named by its end. */
export async function anOrg(warehouse: HandMadeWarehouse, { zone = 'Europe/Berlin', startMonth = 2 }: { readonly zone?: string; readonly startMonth?: number } = {}): Promise<void> {
  await warehouse.object('Opportunity', opportunityFields);
  await warehouse.object('User', userFields);
  await warehouse.object('Account', accountFields);
  await warehouse.object('OpportunityStage', stageFields);
  await warehouse.object('Organization', organizationFields);
  await warehouse.write('User', { Id: '005A', Name: 'Anna', IsActive: true, Department: 'East' }, { Id: '005B', Name: 'Ben', IsActive: false, Department: 'West' }, { Id: '005C', Name: 'Çelik', IsActive: true, Department: null });
  await warehouse.write('Account', { Id: '001A', Name: 'Acme', Industry: 'Energy', Segment__c: 'Mid' }, { Id: '001B', Name: 'Borg', Industry: null, Segment__c: 'Large' });
  await warehouse.write('OpportunityStage', ...['Qualification', 'Proposal', 'Negotiation', 'Closed Won', 'Closed Lost'].map((name, index) => ({ Id: `01J${index}`, ApiName: name, MasterLabel: name, SortOrder: index + 1, IsClosed: index > 2, IsWon: index === 3 })));
  await warehouse.write('Organization', { Id: '00D1', TimeZoneSidKey: zone, FiscalYearStartMonth: startMonth, UsesStartDateAsFiscalYearName: false, DefaultCurrencyIsoCode: 'EUR' });
}
