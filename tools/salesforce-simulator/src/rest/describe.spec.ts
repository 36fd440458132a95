import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startSimulator, type Simulator } from '../index.ts';
import { call, signIn } from '../testing/person.ts';

let simulator: Simulator;
let token: string;
beforeAll(async () => {
  simulator = await startSimulator({ size: 'empty' });
  token = (await signIn(simulator)).access_token;
});
afterAll(async () => {
  await simulator.stop();
});

const fieldKeys = 'aggregatable,aiPredictionField,autoNumber,byteLength,calculated,calculatedFormula,cascadeDelete,caseSensitive,compoundFieldName,controllerName,createable,custom,defaultValue,defaultValueFormula,defaultedOnCreate,dependentPicklist,deprecatedAndHidden,digits,displayLocationInDecimal,encrypted,externalId,extraTypeInfo,filterable,filteredLookupInfo,formulaTreatNullNumberAsZero,groupable,highScaleNumber,htmlFormatted,idLookup,inlineHelpText,label,length,mask,maskType,name,nameField,namePointing,nillable,permissionable,picklistValues,polymorphicForeignKey,precision,queryByDistance,referenceTargetField,referenceTo,relationshipName,relationshipOrder,restrictedDelete,restrictedPicklist,scale,searchPrefilterable,soapType,sortable,type,unique,updateable,writeRequiresMasterRead'.split(',');

interface Describe {
  readonly keyPrefix: string;
  readonly fields: readonly Record<string, unknown>[];
}

it('describes fields with every key of a real org', async () => {
  const { body } = await call(simulator, token, '/sobjects/Opportunity/describe');
  const { fields, keyPrefix } = body as Describe;
  expect(keyPrefix).toBe('006');
  for (const field of fields) expect(Object.keys(field).sort()).toEqual([...fieldKeys].sort());
  expect(fields.find(({ name }) => name === 'Account_Segment__c')).toMatchObject({ calculated: true, calculatedFormula: 'TEXT(Account.Segment__c)', custom: true, type: 'string' });
  expect(fields.find(({ name }) => name === 'OwnerId')).toMatchObject({ type: 'reference', referenceTo: ['User'], relationshipName: 'Owner', soapType: 'tns:ID' });
  expect(fields.find(({ name }) => name === 'Amount')).toMatchObject({ type: 'currency', precision: 18, scale: 2, soapType: 'xsd:double' });
});

it('answers 304 until the schema changes', async () => {
  const first = await call(simulator, token, '/sobjects/Lead/describe');
  const since = { 'if-modified-since': first.headers.get('last-modified') ?? '' };
  expect((await call(simulator, token, '/sobjects/Lead/describe', { headers: since })).status).toBe(304);
  expect((await call(simulator, token, '/sobjects/Lead/describe', { headers: { 'if-none-match': first.headers.get('etag') ?? '' } })).status).toBe(304);
  simulator.clock.advance(5_000);
  simulator.org.addField('Lead', { name: 'Score__c', type: 'double', precision: 5, scale: 1 });
  const changed = await call(simulator, token, '/sobjects/Lead/describe', { headers: since });
  expect(changed.status).toBe(200);
  expect((changed.body as Describe).fields.map(({ name }) => name)).toContain('Score__c');
  expect(changed.headers.get('etag')).not.toBe(first.headers.get('etag'));
  simulator.settings.hiddenFields = [{ object: 'Lead', field: 'Score__c' }];
  expect((await call(simulator, token, '/sobjects/Lead/describe', { headers: { 'if-modified-since': changed.headers.get('last-modified') ?? '' } })).status).toBe(200);
});

it('lists the objects and versions, the newest with its season', async () => {
  const { body } = await call(simulator, token, '/sobjects');
  expect((body as { sobjects: { name: string }[] }).sobjects.map(({ name }) => name)).toEqual(expect.arrayContaining(['Opportunity', 'OpportunityFieldHistory', 'Period', 'OpportunityStage']));
  const versions = (await call(simulator, token, '/services/data')).body as { label: string; version: string }[];
  expect(versions.at(-1)).toEqual({ label: "Spring '26", url: '/services/data/v66.0', version: '66.0' });
});

describe('the setup', () => {
  const soql = (text: string): string => `/query?q=${encodeURIComponent(text)}`;
  async function records(text: string): Promise<Record<string, unknown>[]> {
    return ((await call(simulator, token, soql(text))).body as { records: Record<string, unknown>[] }).records;
  }
  const definitions = (): Promise<Record<string, unknown>[]> => records("SELECT QualifiedApiName, DurableId FROM FieldDefinition WHERE EntityDefinition.QualifiedApiName = 'Contact'");
  const permissions = (): Promise<Record<string, unknown>[]> => records("SELECT Field FROM FieldPermissions WHERE SobjectType = 'Contact' AND Field IN ('Contact.Size__c', 'Contact.Phone')");
  const durableId = async (field: string): Promise<unknown> => (await definitions()).find(({ QualifiedApiName: name }) => name === field)?.['DurableId'];

  it('names each field by an id that outlives a rename, and not a removal', async () => {
    const { org } = simulator;
    org.addField('Contact', { name: 'Size__c', type: 'double' });
    const id = await durableId('Size__c');
    expect(id).toMatch(/^Contact\.00N\w{12}$/);
    expect(await durableId('AccountId')).toBe('Contact.Account');
    org.renameField('Contact', 'Size__c', 'Extent__c');
    expect([await durableId('Extent__c'), await durableId('Size__c')]).toEqual([id, undefined]);
    org.removeField('Contact', 'Extent__c');
    org.addField('Contact', { name: 'Extent__c', type: 'double' });
    expect(await durableId('Extent__c')).not.toBe(id);
  });

  it('tells of hidden fields or only of those the user may read, as it is set, and of permissions as long as anybody has one', async () => {
    const { org, settings } = simulator;
    org.addField('Contact', { name: 'Size__c', type: 'double' });
    settings.hiddenFields = [{ object: 'Contact', field: 'Size__c', username: simulator.users[0]?.username ?? '' }];
    const whoSees = async () => [await durableId('Size__c') !== undefined, (await permissions()).map(({ Field }) => Field)];
    expect(await whoSees()).toEqual([true, ['Contact.Phone', 'Contact.Size__c']]);
    settings.setupSight = 'visible';
    expect(await whoSees()).toEqual([false, ['Contact.Phone', 'Contact.Size__c']]);
    settings.setupSight = 'all';
    settings.hiddenFields = [{ object: 'Contact', field: 'Size__c' }];
    expect(await whoSees()).toEqual([true, ['Contact.Phone']]);
    settings.hiddenFields = [];
  });

  it('refuses definitions of no object, and everything when the user may not see the setup', async () => {
    expect((await call(simulator, token, soql('SELECT DurableId FROM FieldDefinition'))).body).toMatchObject([{ errorCode: 'MALFORMED_QUERY' }]);
    simulator.settings.setupSight = 'refused';
    expect((await call(simulator, token, soql("SELECT DurableId FROM FieldDefinition WHERE EntityDefinitionId = 'Contact'"))).body).toMatchObject([{ errorCode: 'INVALID_TYPE' }]);
    simulator.settings.setupSight = 'all';
  });
});
