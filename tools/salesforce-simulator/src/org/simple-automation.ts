import type { Automation } from './automation.ts';

/** Contacts, leads and users have a name made of its parts. */
export const personNameAutomation: Automation = {
  derive: (row) => ({ Name: [row['FirstName'], row['LastName']].filter((part) => typeof part === 'string' && part !== '').join(' ') }),
};

export const caseAutomation: Automation = {
  derive: (row, { before, stamp }) => {
    const closed = row['Status'] === 'Closed';
    return { IsClosed: closed, ClosedDate: closed ? (before?.['IsClosed'] === true ? row['ClosedDate'] ?? stamp : stamp) : null, IsEscalated: row['Status'] === 'Escalated' };
  },
};
