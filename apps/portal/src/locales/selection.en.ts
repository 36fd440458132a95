export const selectionEn = {
  lead: 'Choose what is copied, read-only. See what it takes before anything starts.',
  others: 'Only {name}, who consented to this connection, can change what is copied.',
  objects: 'Objects of the org', chosen: '{n} of {total} chosen', search: 'Search by name', show: 'Show', shown: { all: 'All', chosen: 'Chosen', others: 'Not chosen', custom: 'Own objects' },
  presets: 'Ready-made choices', preset: { sales: 'Sales', 'sales-service': 'Sales and service', everything: 'Everything readable' },
  rows: 'no rows | 1 row | {n} rows', rowsAbout: 'about no rows | about 1 row | about {n} rows', rowsUnknown: 'not counted', someFields: '1 field chosen | 1 field chosen | {n} fields chosen', notQueryable: 'Salesforce does not let this be read',
  fields: 'Fields', fieldsOf: 'Fields of {label}', fieldsChosen: '{n} of {total} fields', searchFields: 'Search the fields of {label}', noField: 'No field of that name.', always: 'always copied',
  none: 'No object matches', noneText: 'Search for something else, or show all objects.', more: 'Show {n} more',
  mark: { custom: 'own', formula: 'formula', compound: 'compound', base64: 'file content', encrypted: 'encrypted', personal: 'personal data', gone: 'hidden or removed', hidden: 'hidden' },
  markText: {
    custom: 'Made in this org.', formula: 'Computed by Salesforce: it can change without its record changing.', compound: 'An address or place, or a part of one.', base64: 'The content of a file.', encrypted: 'Encrypted at Salesforce.',
    personal: 'Looks like data about a person, by its type or name.', gone: 'This user could read it before. Permissions hide it now, or it was removed; values copied before are kept.', hidden: 'The org has it, but permissions do not let this user read it.',
  },
  type: {
    id: 'record id', string: 'text', textarea: 'long text', picklist: 'picklist', multipicklist: 'picklist, several', combobox: 'text with suggestions', reference: 'link to a record', boolean: 'yes or no', int: 'whole number', long: 'whole number', double: 'number', currency: 'money', percent: 'percent',
    date: 'date', datetime: 'date and time', time: 'time of day', email: 'e-mail', phone: 'phone', url: 'web address', address: 'address', location: 'place', base64: 'file content', encryptedstring: 'encrypted text', anyType: 'any value',
  },
  estimate: {
    title: 'What this takes', lead: 'For a copy of everything chosen, from the beginning.', empty: 'Choose at least one object.', rows: 'Rows', size: 'Storage', calls: 'API calls', time: 'Time', range: '{from} – {to}',
    uncounted: 'Every object is counted. | Salesforce gives no count of {names}; it comes on top. | Salesforce gives no count of {n} objects ({names}, …); they come on top.', basis: 'Counted by Salesforce at {time}. Storage and time are estimates.',
  },
  change: { added: 'no object more | 1 object more | {n} objects more', removed: 'no object less | 1 object less | {n} objects less', fields: 'no change of fields | fields of 1 object changed | fields of {n} objects changed' },
  notYet: 'Not started yet', see: 'What this takes',
  unchanged: 'This is what is copied now.', keeps: 'Rows copied before stay; they are no longer brought up to date.', save: 'Start copying', forget: 'Undo changes', saved: 'Saved. The copy begins now.',
  newFields: {
    title: 'Fields that appear later', copy: 'Copy them', copyText: 'A new field of a chosen object is copied with its past as soon as it appears.', ask: 'Ask first', askText: 'A new field waits here until somebody decides.', ignore: 'Leave them out', ignoreText: 'New fields are listed, but not copied.',
    save: 'Save', waiting: 'No field waits | 1 field waits for a decision | {n} fields wait for a decision', seen: 'seen {time}', copyOne: 'Copy', ignoreOne: 'Leave out', copyAll: 'Copy all', ignoreAll: 'Leave all out', ignored: 'none left out | 1 field left out | {n} fields left out', decided: 'Saved. Fields to copy come with the next sync, which begins now.',
  },
};
