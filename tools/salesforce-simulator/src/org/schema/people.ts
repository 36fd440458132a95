import type { ObjectDefinition } from '../definition.ts';
import { addressOf, auditFields, bool, email, instant, integer, keyOnly, longText, modifiedFields, phone, pick, reference, stampField, text, url } from '../fields.ts';

export const organization: ObjectDefinition = {
  name: 'Organization', label: 'Organization', labelPlural: 'Organizations', keyPrefix: '00D', fields: [
    ...keyOnly, text('Name', { length: 80, nameField: true, nillable: false }), text('Division', { length: 80 }), ...addressOf(''),
    phone('Phone'), text('PrimaryContact', { length: 80 }), pick('DefaultLocaleSidKey', ['en_US', 'en_GB', 'de_DE', 'fr_FR']), pick('TimeZoneSidKey', ['America/New_York', 'Europe/Berlin', 'Europe/London', 'Asia/Tokyo']),
    pick('LanguageLocaleKey', ['en_US', 'de', 'fr', 'ja']), integer('FiscalYearStartMonth'), bool('UsesStartDateAsFiscalYearName'),
    pick('DefaultAccountAccess', ['None', 'Read', 'Edit']), pick('DefaultOpportunityAccess', ['None', 'Read', 'Edit']),
    pick('OrganizationType', ['Developer Edition', 'Enterprise Edition', 'Unlimited Edition']), text('InstanceName', { length: 5 }), bool('IsSandbox'), text('NamespacePrefix', { length: 15 }),
    instant('TrialExpirationDate'), ...auditFields,
  ],
};

export const userRole: ObjectDefinition = {
  name: 'UserRole', label: 'Role', labelPlural: 'Roles', keyPrefix: '00E', fields: [
    ...keyOnly, text('Name', { length: 80, nameField: true, nillable: false }), reference('ParentRoleId', 'UserRole'), text('DeveloperName', { length: 80 }),
    text('RollupDescription', { length: 80 }), pick('OpportunityAccessForAccountOwner', ['None', 'Read', 'Edit']), reference('ForecastUserId', 'User'),
    bool('MayForecastManagerShare'), ...modifiedFields, stampField,
  ],
};

export const profile: ObjectDefinition = {
  name: 'Profile', label: 'Profile', labelPlural: 'Profiles', keyPrefix: '00e', fields: [
    ...keyOnly, text('Name', { nameField: true, nillable: false }), pick('UserType', ['Standard', 'PowerPartner']), text('Description'), ...auditFields,
  ],
};

export const user: ObjectDefinition = {
  name: 'User', label: 'User', labelPlural: 'Users', keyPrefix: '005', replicateable: true, fields: [
    ...keyOnly, text('Username', { length: 80, unique: true, nillable: false }), text('LastName', { length: 80, nillable: false, compound: 'Name' }),
    text('FirstName', { length: 40, compound: 'Name' }), text('Name', { length: 121, nameField: true, createable: false, updateable: false, nillable: false }),
    text('CompanyName', { length: 80 }), text('Division', { length: 80 }), text('Department', { length: 80 }), text('Title', { length: 80 }),
    ...addressOf(''), email('Email', { length: 128, nillable: false }), phone('Phone'), phone('MobilePhone'), text('Alias', { length: 8, nillable: false }),
    text('CommunityNickname', { length: 40, nillable: false }), bool('IsActive'), pick('TimeZoneSidKey', ['America/New_York', 'Europe/Berlin', 'Europe/London', 'Asia/Tokyo']),
    reference('UserRoleId', 'UserRole'), pick('LocaleSidKey', ['en_US', 'en_GB', 'de_DE', 'fr_FR']), reference('ProfileId', 'Profile'),
    pick('UserType', ['Standard', 'PowerPartner', 'Guest']), pick('LanguageLocaleKey', ['en_US', 'de', 'fr', 'ja']), text('EmployeeNumber', { length: 20 }),
    reference('ManagerId', 'User'), instant('LastLoginDate'), bool('ForecastEnabled'), url('SmallPhotoUrl'), longText('AboutMe', { length: 1_000 }), ...auditFields,
  ],
};
