/** Field, Salesforce type and PostgreSQL type of the rows that are copied. */
export const opportunityFields = [
  ['Id', 'id', 'text'], ['IsDeleted', 'boolean', 'boolean'], ['AccountId', 'reference', 'text'], ['Name', 'string', 'text'], ['StageName', 'picklist', 'text'], ['Amount', 'currency', 'numeric'],
  ['Probability', 'percent', 'numeric'], ['ExpectedRevenue', 'currency', 'numeric'], ['TotalOpportunityQuantity', 'double', 'numeric'], ['CloseDate', 'date', 'date'], ['Type', 'picklist', 'text'],
  ['NextStep', 'string', 'text'], ['LeadSource', 'picklist', 'text'], ['IsClosed', 'boolean', 'boolean'], ['IsWon', 'boolean', 'boolean'], ['ForecastCategory', 'picklist', 'text'],
  ['CampaignId', 'reference', 'text'], ['OwnerId', 'reference', 'text'], ['CreatedDate', 'datetime', 'timestamptz'], ['LastModifiedDate', 'datetime', 'timestamptz'],
  ['SystemModstamp', 'datetime', 'timestamptz'], ['FiscalYear', 'int', 'bigint'],
] as const;
