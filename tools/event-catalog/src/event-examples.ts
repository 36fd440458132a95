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
  'auth.connection.paused.v1': { connectionId, paused: true },
  'auth.connection.erased.v1': { connectionId, data: 'erase' },
  'auth.signing-key.expiring.v1': {
    connectionId, keyId: '0199aa00-0000-7000-8000-000000000006', fingerprint: '9F:86:D0:81:88:4C:7D:65:9A:2F:EA:A0:C5:5A:D0:15:A3:BF:4F:1B:2B:0B:82:2C:D1:5D:6C:15:B0:F0:0A:08',
    notAfter: '2026-12-24T00:00:00.000Z', daysLeft: 30, successorReady: true,
  },
  'ingest.run.started.v1': { connectionId, runId, kind: 'first', objects: ['User', 'OpportunityStage', 'Opportunity'] },
  'ingest.window.committed.v1': {
    connectionId, runId, object: 'Opportunity', receiptId: '0199aa00-0000-7000-8000-000000000005', fromVersion: '41', toVersion: '42',
    rows: 1_204, tombstones: 3, settledUntil: '2026-03-02T09:14:00.000Z', complete: true,
    counts: { source: 1_310, job: null, pages: 1, parsed: 1_310, inserted: 180, updated: 1_024, unchanged: 106, superseded: 0 },
  },
  'ingest.run.finished.v1': {
    connectionId, runId, outcome: 'partial', rows: 24_310,
    reasons: [{ object: 'Case', code: 'FORBIDDEN_OBJECT', text: 'The connected user may not read cases.' }],
  },
  'ingest.schema.changed.v1': {
    connectionId, object: 'Opportunity', added: ['Region__c'], removed: ['Legacy_Code__c'], hidden: ['Margin__c'], vanished: [], renamed: [{ from: 'Size__c', to: 'Extent__c' }],
    retyped: [{ field: 'Score__c', from: 'int', to: 'double' }], picklists: [{ field: 'Tier__c', added: ['Platinum'], removed: [] }],
  },
  'ingest.access.refused.v1': { connectionId, epoch: 7, cause: 'api-disabled', retryAfterSeconds: 300 },
  'ingest.budget.low.v1': { connectionId, used: 81_200, limit: 100_000 },
  'ingest.copy.closed.v1': { connectionId, data: 'erase' },
  'ingest.deletions.confirmed.v1': { connectionId, personId: '0199aa00-0000-7000-8000-000000000004', object: 'Opportunity', rows: 1_204 },
  'analytics.dataset.refreshed.v1': { connectionId, objects: [{ object: 'Opportunity', version: '42', rows: 1_204 }] },
  'analytics.dataset.closed.v1': { connectionId, data: 'erase' },
};
