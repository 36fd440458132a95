export const callsEn = {
  lead: 'Every call Tributary made at Salesforce for this connection, newest first.',
  readOnly: 'Read-only by construction', readOnlyText: 'Salesforce has no permission that only reads, so the limit is in Tributary: one client makes all calls, and it knows no call that changes your data.', how: 'How that is ensured',
  rule: {
    get: 'GET reads: rows, counts, descriptions, limits.', post: 'POST has one use: to ask for an export job of the Bulk API, which reads rows.', patch: 'PATCH has one use: to abort such a job of our own.', delete: 'DELETE has one use: to remove such a job of our own once its rows are here. No record is touched.',
    test: 'Every method and path is on a short list. Anything else is refused before it leaves, and a test fails the build of a version that tries.',
  },
  object: 'Object', kind: 'Made for', allObjects: 'All objects', allPurposes: 'Everything', clear: 'Clear filters', kept: 'Kept for {days} days, at most {calls} calls.', when: 'When', what: 'What for', result: 'Result', rows: 'Rows', took: 'Took', used: 'Used, 24 h', ms: '{n} ms',
  purpose: {
    versions: 'Ask which API versions there are', limits: 'Ask how many calls are left', objects: 'List the objects', describe: 'Read the description', setup: 'Ask what became of fields', 'record-counts': 'Read estimated counts', count: 'Count', query: 'Read rows', deletions: 'Ask what was deleted',
    'job-create': 'Ask for an export', 'job-state': 'Ask whether the export is ready', 'job-pages': 'List the pages of the export', 'job-results': 'Fetch a page of the export', 'job-abort': 'Abort an export of ours', 'job-delete': 'Remove an export of ours', other: 'Something else that reads',
  },
  outcome: { answered: 'Answered', unchanged: 'Nothing new', refused: 'Refused', failed: 'Failed at Salesforce', lost: 'No answer' },
  none: 'No call yet', noneText: 'The first sync makes the first ones.', noneFiltered: 'No such call', noneFilteredText: 'Choose another object or purpose.', more: 'Show older calls', end: 'These are all calls that are kept.',
};
