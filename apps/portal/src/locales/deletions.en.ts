export const deletionsEn = {
  lead: 'How Tributary learns that a record was deleted at Salesforce, and how sure that is. Deleted records leave every figure and stay in the copy as deleted.',
  perObject: 'Objects', summary: 'Of {n} of {total} objects every deletion is known at each sync.', none: 'Nothing copied yet', noneText: 'Deletions are looked for once an object is copied.',
  object: 'Object', found: 'Found by', compared: 'All ids compared',
  confidence: { high: 'Sure', medium: 'By counting', low: 'Not sure', later: 'Later' },
  cause: {
    'not-loaded': 'Not read whole yet; deletions are looked for after that.', held: 'Many records are missing at once; somebody has to say whether they are gone.', gap: 'Salesforce’s list of deletions has a gap. The next sync compares all ids.',
    'read-whole': 'Each sync reads the whole object: what is absent is gone.', listed: 'Salesforce lists its deletions, and all ids are compared every week.', 'not-listed': 'Salesforce keeps no list of its deletions. What was removed without a trace shows by counting at each sync, and by comparing all ids.',
  },
  how: 'How deletions are found',
  way: { 'recycle-bin': 'Recycle bin', 'list-of-deletions': 'List of deletions', 'comparison-of-ids': 'Comparison of ids', 'full-read': 'Reading everything' },
  wayText: {
    'recycle-bin': 'A deleted record stays in Salesforce’s recycle bin for about two weeks and is read there, marked as deleted.', 'list-of-deletions': 'Salesforce keeps a list of what was deleted, also for records that never were in the bin, for some weeks.',
    'comparison-of-ids': 'The ids of all records at Salesforce are compared with those in the copy, every week and whenever the counts differ. It finds what no list tells.', 'full-read': 'Objects whose records carry no time stamp are read whole at each sync.',
  },
  confirmed: 'Confirmed. A sync begins now, looks once more, and marks the records of {label} that are still missing.',
  held: {
    title: '{label}: no record is missing | {label}: 1 of {total} records is missing at Salesforce | {label}: {n} of {total} records are missing at Salesforce',
    text: 'So many at once can be a clean-up, or a permission that was lost: to Tributary both look alike. Nothing was marked as deleted; the records still count in every figure, as they were last seen.',
    found: 'Found {time}.', some: '{n} of them', these: 'These records', look: 'Open one at Salesforce with an admin’s eyes: if it is there, it was not deleted.',
    lost: 'If they still exist', lostText: 'Access was lost. An admin lets {user} see {label} again: object permissions, sharing, or record types. This notice then goes away with the next sync.',
    gone: 'If they were deleted on purpose', goneText: 'Confirm it. The next sync, which begins at once, looks again and marks them.', goneOthers: 'Only {name}, who consented to this connection, can confirm it.', do: 'They were deleted …',
    confirmed: 'Confirmed {time}. The next sync marks those that are still missing.',
  },
  dialog: {
    title: 'Mark no record of {label} as deleted? | Mark 1 record of {label} as deleted? | Mark {n} records of {label} as deleted?', again: 'Each record is looked for once more; only those still missing are marked.', figures: 'They leave every figure from then on. Their last values stay in the copy, marked as deleted.',
    back: 'A record that shows up at Salesforce again comes back by itself.', cancel: 'Cancel', do: 'Mark none | Mark 1 record as deleted | Mark {n} records as deleted',
  },
};
