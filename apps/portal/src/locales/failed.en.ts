export const failedEn = {
  heading: 'The connection was not made', what: 'What happened', whoLabel: 'Who can fix it', how: 'What to do', again: 'Try again', home: 'Back to the start', ref: 'Reference', code: 'Code', copy: 'Copy message for the admin', copied: 'Copied', kept: 'Nothing was read and nothing was changed.',
  who: { you: 'You', admin: 'A Salesforce admin of your org', operator: 'Whoever runs this installation', nobody: 'Nobody, it passes by itself' },
  message: 'Hello, I tried to connect Tributary to our Salesforce org and was stopped: {what} {how} (code {code}, reference {ref})',
};
