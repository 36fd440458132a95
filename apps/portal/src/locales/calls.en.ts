export const callsEn = {
  lead: 'Every call Tributary made at Salesforce for this connection, newest first.',
  readOnly: 'Read-only by construction', readOnlyText: 'Salesforce has no permission that only reads, so the limit is in Tributary: one client makes all calls, and it knows no call that changes your data.', how: 'How that is ensured',
  rule: {
    get: 'GET reads: rows, counts, descriptions, limits.', post: 'POST to the data of the org has one use: to ask for an export job of the Bulk API, which reads rows.', patch: 'PATCH has one use: to abort such a job of our own.', delete: 'DELETE has one use: to remove such a job of our own once its rows are here. No record is touched.',
    oauth: 'POST to the sign-in of Salesforce gets a token for the consent, renews it, or gives it back. None of these calls touches data or counts against the daily API limit.',
    grpc: 'GRPC listens to the Pub/Sub API: Salesforce tells which records changed. Nothing is published.',
    test: 'Every method and path is on a short list. Anything else is refused before it leaves, and a test fails the build of a version that tries.',
  },
  object: 'Object', kind: 'Made for', allObjects: 'All objects', allPurposes: 'Everything', clear: 'Clear filters', kept: 'Every call of {days} days.', when: 'When', what: 'What for', result: 'Result', rows: 'Rows', took: 'Took', used: 'Used, 24 h', ms: '{n} ms', events: 'events', free: 'not counted', freeHint: 'This call does not count against the daily API limit of the org.',
  purpose: {
    versions: 'Ask which API versions there are', limits: 'Ask how many calls are left', objects: 'List the objects', describe: 'Read the description', setup: 'Ask what became of fields', 'record-counts': 'Read estimated counts', count: 'Count', query: 'Read rows', deletions: 'Ask what was deleted',
    'job-create': 'Ask for an export', 'job-state': 'Ask whether the export is ready', 'job-pages': 'List the pages of the export', 'job-results': 'Fetch a page of the export', 'job-abort': 'Abort an export of ours', 'job-delete': 'Remove an export of ours', other: 'Something else that reads',
    subscribe: 'Listen to changes', 'event-schema': 'Ask how a change is written', 'token-code': 'Exchange the consent for a token', 'token-refresh': 'Renew the token', 'token-assertion': 'Get a token by signed assertion', 'token-revoke': 'Give a token back',
    identity: 'Ask who consented', userinfo: 'Try whether the token works', 'login-host': 'Read what the sign-in offers', 'login-keys': 'Fetch the keys that prove the sign-in',
  },
  outcome: { answered: 'Answered', unchanged: 'Nothing new', refused: 'Refused', failed: 'Failed at Salesforce', lost: 'No answer' },
  missing: { data: 'Calls for data are missing from this list', access: 'Calls of sign-in and access are missing from this list', hint: 'They are kept and show as soon as it answers again.' },
  none: 'No call yet', noneText: 'The first sync makes the first ones.', noneFiltered: 'No such call', noneFilteredText: 'Choose another object or purpose.', more: 'Show older calls', end: 'These are all calls that are kept.',
};
