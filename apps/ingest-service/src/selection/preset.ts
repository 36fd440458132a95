/** The preset "Sales + Service", in order of value: what the first board needs comes first. */
export const salesAndService: readonly string[] = [
  'Organization', 'OpportunityStage', 'Period', 'CurrencyType', 'DatedConversionRate', 'User', 'UserRole', 'Opportunity', 'OpportunityHistory',
  'OpportunityFieldHistory', 'Account', 'OpportunityLineItem', 'Product2', 'Lead', 'Contact', 'Task', 'Case', 'Campaign', 'CampaignMember',
];

/** Objects without which no board can be shown. */
export const firstBoardObjects: readonly string[] = ['Opportunity', 'OpportunityStage', 'User'];
