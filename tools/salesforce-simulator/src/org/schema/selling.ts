import type { ObjectDefinition } from '../definition.ts';
import { auditFields, bool, day, decimal, instant, integer, keyFields, longText, money, percent, phone, pick, reference, text, email } from '../fields.ts';

export const families = ['Hardware', 'Software', 'Services', 'Support'] as const;

export const product2: ObjectDefinition = {
  name: 'Product2', label: 'Product', labelPlural: 'Products', keyPrefix: '01t', replicateable: true, fields: [
    ...keyFields, text('Name', { nameField: true, nillable: false }), text('ProductCode'), longText('Description', { length: 4_000 }), bool('IsActive'), pick('Family', families), text('StockKeepingUnit', { length: 180 }), ...auditFields,
  ],
};

export const opportunityLineItem: ObjectDefinition = {
  name: 'OpportunityLineItem', label: 'Opportunity Product', labelPlural: 'Opportunity Products', keyPrefix: '00k', replicateable: true, fields: [
    ...keyFields, reference('OpportunityId', 'Opportunity', { nillable: false }), integer('SortOrder'), reference('Product2Id', 'Product2'), text('ProductCode'), text('Name', { length: 376, nameField: true }),
    decimal('Quantity', { nillable: false }), money('TotalPrice'), money('UnitPrice'), money('ListPrice'), day('ServiceDate'), text('Description'), percent('Discount', { precision: 5, scale: 2 }), ...auditFields,
  ],
};

export const task: ObjectDefinition = {
  name: 'Task', label: 'Task', labelPlural: 'Tasks', keyPrefix: '00T', replicateable: true, fields: [
    ...keyFields, reference('WhoId', ['Contact', 'Lead'], { relationshipName: 'Who' }), reference('WhatId', ['Account', 'Opportunity', 'Case', 'Campaign'], { relationshipName: 'What' }), text('Subject', { nameField: true }), day('ActivityDate'),
    pick('Status', ['Not Started', 'In Progress', 'Completed', 'Waiting on someone else', 'Deferred'], { nillable: false }), pick('Priority', ['High', 'Normal', 'Low'], { nillable: false }), bool('IsHighPriority'), reference('OwnerId', 'User', { nillable: false }),
    longText('Description'), bool('IsClosed'), bool('IsArchived'), pick('TaskSubtype', ['Task', 'Call', 'Email']), pick('Type', ['Call', 'Email', 'Meeting', 'Other']), instant('CompletedDateTime'), integer('CallDurationInSeconds'), reference('AccountId', 'Account'), ...auditFields,
  ],
};

export const supportCase: ObjectDefinition = {
  name: 'Case', label: 'Case', labelPlural: 'Cases', keyPrefix: '500', replicateable: true, fields: [
    ...keyFields, text('CaseNumber', { length: 30, nameField: true, nillable: false, createable: false, updateable: false }), reference('ContactId', 'Contact'), reference('AccountId', 'Account'), text('SuppliedName', { length: 80 }), email('SuppliedEmail'),
    pick('Type', ['Question', 'Problem', 'Feature Request']), pick('Status', ['New', 'Working', 'Escalated', 'Closed']), pick('Reason', ['Installation', 'Performance', 'Billing', 'Training', 'Breakdown']), pick('Origin', ['Phone', 'Email', 'Web']),
    text('Subject'), pick('Priority', ['High', 'Medium', 'Low']), longText('Description'), bool('IsClosed', { createable: false, updateable: false }), instant('ClosedDate', { createable: false, updateable: false }), bool('IsEscalated'), reference('OwnerId', 'User', { nillable: false }), phone('ContactPhone'), ...auditFields,
  ],
};

export const campaign: ObjectDefinition = {
  name: 'Campaign', label: 'Campaign', labelPlural: 'Campaigns', keyPrefix: '701', replicateable: true, fields: [
    ...keyFields, text('Name', { length: 80, nameField: true, nillable: false }), reference('ParentId', 'Campaign'), pick('Type', ['Conference', 'Webinar', 'Email', 'Advertisement', 'Referral Program']), pick('Status', ['Planned', 'In Progress', 'Completed', 'Aborted']),
    day('StartDate'), day('EndDate'), money('ExpectedRevenue', { scale: 0 }), money('BudgetedCost', { scale: 0 }), money('ActualCost', { scale: 0 }), bool('IsActive'), longText('Description'), integer('NumberOfLeads'), integer('NumberOfContacts'),
    reference('OwnerId', 'User', { nillable: false }), ...auditFields,
  ],
};

export const campaignMember: ObjectDefinition = {
  name: 'CampaignMember', label: 'Campaign Member', labelPlural: 'Campaign Members', keyPrefix: '00v', replicateable: true, fields: [
    ...keyFields, reference('CampaignId', 'Campaign', { nillable: false }), reference('LeadId', 'Lead'), reference('ContactId', 'Contact'), pick('Status', ['Sent', 'Responded', 'Attended'], { nillable: false }), bool('HasResponded', { createable: false, updateable: false }),
    day('FirstRespondedDate', { createable: false, updateable: false }), text('FirstName', { length: 40 }), text('LastName', { length: 80 }), text('CompanyOrAccount'), ...auditFields,
  ],
};

/** Values of Case.Status; an object that Bulk API 2.0 refuses. */
export const caseStatus: ObjectDefinition = {
  name: 'CaseStatus', label: 'Case Status Value', labelPlural: 'Case Status Values', keyPrefix: '01C', bulkRefused: true, fields: [
    ...keyFields.slice(0, 1), text('MasterLabel', { nameField: true }), text('ApiName'), integer('SortOrder'), bool('IsDefault'), bool('IsClosed'), ...auditFields,
  ],
};
