/** Fields on which figures rest, by object; without them a board is wrong or empty. */
export const keyFields: Readonly<Record<string, readonly string[]>> = {
  Opportunity: ['Amount', 'CloseDate', 'StageName', 'OwnerId', 'IsClosed', 'IsWon', 'SystemModstamp'],
  OpportunityStage: ['ApiName', 'IsActive', 'IsClosed', 'IsWon', 'DefaultProbability'],
  Account: ['Name', 'OwnerId', 'SystemModstamp'],
  User: ['Name', 'IsActive', 'SystemModstamp'],
};
