import type { ObjectDefinition } from '../definition.ts';
import { addressOf, auditFields, bool, createdFields, day, decimal, email, instant, integer, keyFields, longText, money, percent, phone, pick, reference, stampField, text, url } from '../fields.ts';

export const industries = ['Agriculture', 'Biotechnology', 'Consumer Goods', 'Energy', 'Finance', 'Food & Beverage', 'Healthcare', 'Hospitality', 'Logistics', 'Manufacturing', 'Retail', 'Technology'] as const;
export const segments = ['Enterprise', 'Mid-Market', 'Small Business'] as const;
export const leadSources = ['Web', 'Phone Inquiry', 'Partner Referral', 'Trade Show', 'Webinar', 'Customer Referral', 'Outbound'] as const;
export const dealTypes = ['New Business', 'Existing Business - Upgrade', 'Existing Business - Renewal'] as const;
const forecastCategories = ['Omitted', 'Pipeline', 'BestCase', 'MostLikely', 'Forecast', 'Closed'];
const forecastNames = ['Omitted', 'Pipeline', 'Best Case', 'Most Likely', 'Commit', 'Closed'];

export const account: ObjectDefinition = {
  name: 'Account', label: 'Account', labelPlural: 'Accounts', keyPrefix: '001', replicateable: true, fields: [
    ...keyFields, reference('MasterRecordId', 'Account'), text('Name', { label: 'Account Name', nameField: true, nillable: false }),
    pick('Type', ['Prospect', 'Customer', 'Former Customer', 'Partner']), reference('ParentId', 'Account'), ...addressOf('Billing'), phone('Phone'), url('Website'), pick('Industry', industries),
    money('AnnualRevenue', { scale: 0 }), integer('NumberOfEmployees', { precision: 8 }), longText('Description'), pick('Rating', ['Hot', 'Warm', 'Cold']), reference('OwnerId', 'User', { nillable: false }),
    text('AccountNumber', { length: 40 }), pick('AccountSource', leadSources), day('LastActivityDate', { createable: false, updateable: false }), pick('Segment__c', segments, { label: 'Segment' }),
    pick('Region__c', ['Americas', 'EMEA', 'APAC'], { label: 'Region' }), ...auditFields,
  ],
};

export const contact: ObjectDefinition = {
  name: 'Contact', label: 'Contact', labelPlural: 'Contacts', keyPrefix: '003', replicateable: true, fields: [
    ...keyFields, reference('MasterRecordId', 'Contact'), reference('AccountId', 'Account'), text('LastName', { length: 80, nillable: false, compound: 'Name' }), text('FirstName', { length: 40, compound: 'Name' }),
    pick('Salutation', ['Ms.', 'Mr.', 'Mx.', 'Dr.', 'Prof.'], { compound: 'Name' }), text('Name', { label: 'Full Name', length: 121, nameField: true, createable: false, updateable: false, nillable: false }),
    ...addressOf('Mailing'), phone('Phone'), phone('MobilePhone'), email('Email'), text('Title', { length: 128 }), text('Department', { length: 80 }), pick('LeadSource', leadSources),
    day('Birthdate'), longText('Description'), reference('OwnerId', 'User', { nillable: false }), reference('ReportsToId', 'Contact'), bool('HasOptedOutOfEmail'), day('LastActivityDate', { createable: false, updateable: false }), ...auditFields,
  ],
};

export const lead: ObjectDefinition = {
  name: 'Lead', label: 'Lead', labelPlural: 'Leads', keyPrefix: '00Q', replicateable: true, fields: [
    ...keyFields, reference('MasterRecordId', 'Lead'), text('LastName', { length: 80, nillable: false, compound: 'Name' }), text('FirstName', { length: 40, compound: 'Name' }),
    text('Name', { label: 'Full Name', length: 121, nameField: true, createable: false, updateable: false, nillable: false }), text('Title', { length: 128 }), text('Company', { nillable: false }), ...addressOf(''),
    phone('Phone'), email('Email'), url('Website'), longText('Description'), pick('LeadSource', leadSources), pick('Status', ['Open - Not Contacted', 'Working - Contacted', 'Closed - Converted', 'Closed - Not Converted'], { nillable: false }),
    pick('Industry', industries), pick('Rating', ['Hot', 'Warm', 'Cold']), money('AnnualRevenue', { scale: 0 }), integer('NumberOfEmployees', { precision: 8 }), reference('OwnerId', ['User'], { nillable: false }),
    bool('IsConverted', { createable: false, updateable: false }), day('ConvertedDate', { createable: false, updateable: false }), reference('ConvertedAccountId', 'Account'), reference('ConvertedContactId', 'Contact'),
    reference('ConvertedOpportunityId', 'Opportunity'), bool('IsUnreadByOwner'), day('LastActivityDate', { createable: false, updateable: false }), ...auditFields,
  ],
};

export const opportunity: ObjectDefinition = {
  name: 'Opportunity', label: 'Opportunity', labelPlural: 'Opportunities', keyPrefix: '006', replicateable: true, fields: [
    ...keyFields, reference('AccountId', 'Account'), bool('IsPrivate'), text('Name', { label: 'Opportunity Name', length: 120, nameField: true, nillable: false }), longText('Description'),
    pick('StageName', ['Prospecting', 'Qualification', 'Needs Analysis', 'Value Proposition', 'Proposal/Price Quote', 'Negotiation/Review', 'Verbal Agreement', 'Closed Won', 'Closed Lost'], { label: 'Stage', nillable: false }),
    money('Amount'), percent('Probability'), money('ExpectedRevenue', { createable: false, updateable: false }), decimal('TotalOpportunityQuantity'), day('CloseDate', { nillable: false }),
    pick('Type', dealTypes), text('NextStep'), pick('LeadSource', leadSources), bool('IsClosed', { createable: false, updateable: false }), bool('IsWon', { createable: false, updateable: false }),
    pick('ForecastCategory', forecastCategories, { createable: false, updateable: false }), pick('ForecastCategoryName', forecastNames), reference('CampaignId', 'Campaign'), bool('HasOpportunityLineItem', { createable: false, updateable: false }),
    reference('OwnerId', 'User', { nillable: false }), integer('PushCount', { createable: false, updateable: false }), instant('LastStageChangeDate', { createable: false, updateable: false }), integer('FiscalQuarter', { createable: false, updateable: false }),
    integer('FiscalYear', { createable: false, updateable: false }), text('Fiscal', { length: 6, label: 'Fiscal Period', createable: false, updateable: false }), reference('ContactId', 'Contact'), day('LastActivityDate', { createable: false, updateable: false }),
    pick('Loss_Reason__c', ['Price', 'Competitor', 'No Decision', 'Missing Feature', 'Timing'], { label: 'Loss Reason' }),
    text('Account_Segment__c', {
      label: 'Account Segment', length: 1300, createable: false, updateable: false,
      formula: { text: 'TEXT(Account.Segment__c)', compute: (row, { lookup }) => (typeof row['AccountId'] === 'string' ? (lookup(row['AccountId'])?.['Segment__c'] ?? null) : null) },
    }),
    ...auditFields,
  ],
};

export const opportunityHistory: ObjectDefinition = {
  name: 'OpportunityHistory', label: 'Opportunity History', labelPlural: 'Opportunity History', keyPrefix: '008', fields: [
    ...keyFields.slice(0, 1), reference('OpportunityId', 'Opportunity', { nillable: false }), ...createdFields, pick('StageName', [], { nillable: false }), money('Amount'), money('ExpectedRevenue'), day('CloseDate'),
    percent('Probability'), pick('ForecastCategory', forecastCategories), money('PrevAmount'), day('PrevCloseDate'), stampField, ...keyFields.slice(1),
  ],
};

export const opportunityFieldHistory: ObjectDefinition = {
  name: 'OpportunityFieldHistory', label: 'Opportunity Field History', labelPlural: 'Opportunity Field History', keyPrefix: '017', fields: [
    ...keyFields, reference('OpportunityId', 'Opportunity', { nillable: false }), ...createdFields, pick('Field', ['created', 'StageName', 'Amount', 'CloseDate', 'Owner', 'Probability']), pick('DataType', ['Text', 'Currency', 'DateOnly', 'EntityId', 'Percent']),
    { name: 'OldValue', label: 'Old Value', type: 'anyType' }, { name: 'NewValue', label: 'New Value', type: 'anyType' },
  ],
};
