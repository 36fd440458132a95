const connectionId = '0199aa00-0000-7000-8000-000000000001';
const runId = '0199aa00-0000-7000-8000-000000000002';
const orgId = '00D5g00000AbCdEEA1';

/** One believable example of the data of each event: `<type>.v<version>` → data. */
export const eventExamples: Readonly<Record<string, unknown>> = {
  'auth.connection.authorized.v1': {
    connectionId, workspaceId: '0199aa00-0000-7000-8000-000000000003', personId: '0199aa00-0000-7000-8000-000000000004',
    orgId, userId: '0055g00000AbCdEAA1', instanceUrl: 'https://acme.my.salesforce.com', reconnected: false,
  },
  'auth.token.ready.v1': { connectionId, orgId, epoch: 3, flow: 'refresh-token' },
  'auth.connection.attention.v1': {
    connectionId, state: 'needs_reconsent', cause: 'revoked-or-unknown', who: 'user',
    text: 'Salesforce no longer accepts the stored access. Sign in again to reconnect.', resolved: false,
  },
  'auth.connection.erased.v1': { connectionId, data: 'erase' },
  'ingest.run.started.v1': { connectionId, runId, kind: 'first', objects: ['User', 'OpportunityStage', 'Opportunity'] },
  'ingest.window.committed.v1': {
    connectionId, runId, object: 'Opportunity', receiptId: '0199aa00-0000-7000-8000-000000000005', fromVersion: '41', toVersion: '42',
    rows: 1_204, tombstones: 3, settledUntil: '2026-03-02T09:14:00.000Z', complete: true,
  },
  'ingest.run.finished.v1': {
    connectionId, runId, outcome: 'partial', rows: 24_310,
    reasons: [{ object: 'Case', code: 'FORBIDDEN_OBJECT', text: 'The connected user may not read cases.' }],
  },
  'ingest.schema.changed.v1': {
    connectionId, object: 'Opportunity', added: ['Region__c'], removed: ['Legacy_Code__c'], retyped: [{ field: 'Score__c', from: 'int', to: 'double' }],
  },
  'ingest.budget.low.v1': { connectionId, used: 81_200, limit: 100_000 },
  'analytics.dataset.refreshed.v1': { connectionId, objects: [{ object: 'Opportunity', version: '42', rows: 1_204 }] },
};
