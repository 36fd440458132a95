/** The preset "Sales + Service", in order of value: what the first board needs comes first. */
export const salesAndService: readonly string[] = [
  'Organization', 'OpportunityStage', 'Period', 'CurrencyType', 'DatedConversionRate', 'User', 'UserRole', 'Opportunity', 'OpportunityHistory',
  'OpportunityFieldHistory', 'Account', 'OpportunityLineItem', 'Product2', 'Lead', 'Contact', 'Task', 'Case', 'Campaign', 'CampaignMember',
];

/** Objects without which no board can be shown. */
export const firstBoardObjects: readonly string[] = ['Opportunity', 'OpportunityStage', 'User'];

const service: ReadonlySet<string> = new Set(['Case']);

/** Ready-made selections of what the org lets be read. */
export function presetsOf(readable: readonly string[]): { name: 'sales' | 'sales-service' | 'everything'; objects: string[] }[] {
  const present = new Set(readable);
  const both = salesAndService.filter((name) => present.has(name));
  return [{ name: 'sales', objects: both.filter((name) => !service.has(name)) }, { name: 'sales-service', objects: both }, { name: 'everything', objects: [...readable] }];
}
