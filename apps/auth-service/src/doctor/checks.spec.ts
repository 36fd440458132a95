import type { ConnectionCore, DoctorFacts, JwtProof, SigningKey, WayIn } from '@tributary/api-contracts';
import { expect, it } from 'vitest';
import { checks, diagnose } from './diagnose.ts';
import type { Findings, OwnFacts } from './facts.ts';

const at = new Date('2026-11-25T12:00:00Z');
const looked = <T>(seen: T) => ({ looked: true as const, seen });
const stopped = (code: string, text = 'x.') => ({ looked: false as const, because: { code, text } });

const userWay: WayIn = { kind: 'user', state: 'live', epoch: 3, since: '2026-10-01T00:00:00.000Z', lastIssuedAt: '2026-11-25T11:00:00.000Z', lastUsedAt: null, refreshCount: 12, rotates: true, shortestLifeMs: 7_200_000, endedAt: null, endedBecause: null };
const jwtWay: WayIn = { ...userWay, kind: 'jwt', state: 'live', rotates: null };
const noWay = (kind: WayIn['kind']): WayIn => ({ ...userWay, kind, state: 'none', epoch: null });
const key: SigningKey = { id: '0199aa00-0000-7000-8000-000000000006', state: 'current', origin: 'generated', bits: 2048, fingerprint: 'AA:BB', serialNumber: '1', subject: 'CN=Tributary', notBefore: '2026-01-01T00:00:00.000Z', notAfter: '2027-06-01T00:00:00.000Z', daysLeft: 188, createdAt: '2026-01-01T00:00:00.000Z', lastUsedAt: null };

const connection: ConnectionCore = {
  id: '0199aa00-0000-7000-8000-000000000001', name: 'Northwind', state: 'active', attention: null, flow: 'refresh-token', flowReason: '', org: { id: '00D5g00000AbCdEEA1', name: 'Northwind', kind: 'production' },
  user: { id: '0055g00000AbCdEAA1', name: 'Ava', username: 'ava@northwind.example' }, host: 'northwind.my.salesforce.com', loginOrigin: 'https://login.salesforce.com', site: null, createdAt: '2026-10-01T00:00:00.000Z', timeline: [],
  policy: 'hybrid', ways: [userWay, jwtWay], lastWay: null, visibility: 'private', owner: { id: '0199aa00-0000-7000-8000-000000000004', name: 'Ava', isMe: true },
};

const facts: DoctorFacts = {
  access: looked({ instanceUrl: 'https://northwind.my.salesforce.com', epoch: 3 }),
  versions: looked({ offered: ['31.0', '65.0', '66.0'], used: '66.0' }),
  limits: looked({ dailyApiRequests: { max: 100_000, remaining: 93_000 }, bulkQueryJobs: { max: 10_000, remaining: 9_990 }, bulkQueryStorageMb: { max: 976_562, remaining: 976_562 }, reserveFrom: 80_000 }),
  objects: looked({ objects: [{ name: 'Opportunity', visible: true, hiddenKeyFields: [], keyFields: 7, mayChange: false }, { name: 'User', visible: true, hiddenKeyFields: [], keyFields: 3, mayChange: false }], missing: [] }),
  permissions: looked({ viewAllData: true, modifyAllData: false }),
  organization: looked({ id: '00D5g00000AbCdEEA1', name: 'Northwind', timeZone: 'Europe/Berlin', fiscalYearStartMonth: 2, edition: 'Enterprise Edition', sandbox: false, currency: 'EUR', currencies: ['EUR', 'USD'] }),
  bulk: looked({ objects: [{ name: 'Opportunity', refused: null }, { name: 'CaseStatus', refused: { code: 'INVALIDENTITY', text: 'x.' } }] }),
  calls: 12,
};

const own: OwnFacts = {
  connection, clientId: '3MVG9client', redirectUri: 'https://tributary.example/connect/salesforce/callback', requestedScopes: ['openid', 'api', 'refresh_token'], grantedScopes: ['api', 'openid', 'refresh_token'],
  consents30d: 1, recentCauses: [], egressAddresses: ['203.0.113.7'], egressChangedAt: null, signingKeys: [key],
};

const proven: JwtProof = { proven: true, cause: null, who: null, text: 'Salesforce gives access for ava@northwind.example without a browser.', steps: [], tries: [] };
const refusedProof: JwtProof = { proven: false, cause: 'not-pre-authorised', who: 'admin', text: 'The app is not pre-authorised for this user.', steps: ['Pre-authorise the app.'], tries: [{ host: 'northwind.my.salesforce.com', audience: 'https://login.salesforce.com', keyId: key.id, outcome: 'refused', cause: 'not-pre-authorised', text: 'x.' }] };

const sound: Findings = {
  own, loginHost: looked({ origin: 'https://login.salesforce.com', kind: 'production' as const, status: 200, issuer: 'https://login.salesforce.com', skewMs: 400 }),
  identity: looked({ userinfoStatus: 200, orgId: connection.org.id, userId: connection.user.id, appInstalled: true }), assertion: looked(proven), org: looked(facts),
};

const withOwn = (more: Partial<OwnFacts>): Findings => ({ ...sound, own: { ...own, ...more } });
const withConnection = (more: Partial<ConnectionCore>): Findings => withOwn({ connection: { ...connection, ...more } });
const withOrg = (more: Partial<DoctorFacts>): Findings => ({ ...sound, org: looked({ ...facts, ...more }) });
const attention = (cause: string) => ({ cause, who: 'admin' as const, text: 'An admin must act.', since: '2026-11-25T00:00:00.000Z' });
const object = (more: object) => withOrg({ objects: looked({ objects: [{ name: 'Opportunity', visible: true, hiddenKeyFields: [], keyFields: 7, mayChange: false, ...more }], missing: [] }) });
const found = (findings: Findings, code: string) => diagnose(findings, at).checks.find((check) => check.code === code);

it('finds nothing wrong where nothing is, says what it saw, and has nothing to hand over', () => {
  const report = diagnose(sound, at);
  expect(report.checks.map(({ code, outcome }) => `${code} ${outcome}`)).toEqual([
    'login-host ok', 'callback ok', 'clock-skew ok', 'app-installed ok', 'scopes ok', 'access-token ok', 'refresh-token ok', 'certificate ok', 'egress-address ok', 'api-enabled ok', 'api-head-room ok',
    'objects-visible ok', 'fields-visible ok', 'bulk ok', 'api-version ok', 'organization ok', 'five-grants ok', 'write-ability ok',
  ]);
  expect([report.outcome, report.textForAdmin, report.checks.every(({ evidence, fix, cause }) => evidence.length > 20 && fix === null && cause === null)]).toEqual(['ok', null, true]);
  expect(found(sound, 'api-head-room')?.evidence).toBe('7,000 calls of 100,000 used in 24 hours, 93,000 left; Tributary stops at 80,000; 9,990 export jobs and 976,562 MB of export volume left.');
});

it('tells of every copied object whether it may be exported in bulk', () => {
  expect(found(sound, 'bulk')?.evidence).toBe('Salesforce took query jobs for 1 of 2 copied objects; they were thrown away at once; not for bulk export, read by the other API: CaseStatus.');
});

it.each<[string, string, string, string | null, Findings]>([
  ['login-host', 'fail', 'host-refused', 'operator', { ...sound, loginHost: stopped('HOST_NOT_ALLOWED') }],
  ['login-host', 'fail', 'as-unavailable', 'nobody', { ...sound, loginHost: stopped('SALESFORCE_UNREACHABLE') }],
  ['login-host', 'warn', 'issuer-differs', 'user', { ...sound, loginHost: looked({ origin: 'https://login.salesforce.com', kind: 'production', status: 200, issuer: 'https://northwind.my.salesforce.com', skewMs: 0 }) }],
  ['login-host', 'fail', 'wrong-environment', 'user', withConnection({ org: { ...connection.org, kind: 'sandbox' } })],
  ['callback', 'fail', 'callback-not-registered', 'operator', withOwn({ redirectUri: 'http://tributary.example/connect/salesforce/callback' })],
  ['callback', 'warn', 'callback-not-registered', 'admin', withOwn({ recentCauses: ['callback-not-registered'] })],
  ['clock-skew', 'warn', 'clock-skew', 'operator', { ...sound, loginHost: looked({ origin: 'https://login.salesforce.com', kind: 'production', status: 200, issuer: null, skewMs: -61_000 }) }],
  ['app-installed', 'warn', 'app-not-installed', 'admin', { ...sound, identity: looked({ userinfoStatus: 200, orgId: '', userId: '', appInstalled: false }) }],
  ['app-installed', 'fail', 'app-blocked', 'admin', withConnection({ state: 'needs_admin', attention: attention('app-blocked') })],
  ['app-installed', 'fail', 'app-not-installed', 'admin', withConnection({ state: 'needs_admin', attention: attention('app-not-installed') })],
  ['scopes', 'fail', 'scope-not-registered', 'admin', withOwn({ grantedScopes: ['api', 'openid'] })],
  ['scopes', 'warn', 'scope-too-wide', 'admin', withOwn({ grantedScopes: ['api', 'full', 'openid', 'refresh_token'] })],
  ['access-token', 'warn', 'token-expired', 'nobody', { ...sound, identity: looked({ userinfoStatus: 403, orgId: '', userId: '', appInstalled: undefined }) }],
  ['access-token', 'fail', 'user-inactive', 'admin', withConnection({ state: 'needs_admin', attention: attention('user-inactive') })],
  ['refresh-token', 'fail', 'rotation-reuse', 'user', withConnection({ ways: [{ ...userWay, state: 'dead', endedAt: '2026-11-24T00:00:00.000Z', endedBecause: 'rotation-reuse' }, jwtWay] })],
  ['certificate', 'fail', 'certificate-expired', 'admin', withOwn({ signingKeys: [{ ...key, daysLeft: 0 }] })],
  ['certificate', 'warn', 'certificate-expiring', 'admin', withOwn({ signingKeys: [{ ...key, daysLeft: 14 }] })],
  ['certificate', 'fail', 'not-pre-authorised', 'admin', { ...sound, assertion: looked(refusedProof) }],
  ['certificate', 'warn', 'not-pre-authorised', 'admin', { ...withConnection({ ways: [userWay, noWay('jwt')] }), assertion: looked(refusedProof) }],
  ['certificate', 'warn', 'assertion-not-in-use', 'user', withConnection({ ways: [userWay, noWay('jwt')] })],
  ['certificate', 'warn', 'assertion-not-tried', 'user', { ...sound, assertion: stopped('DOCTOR_TIMEOUT', 'no answer within 25 seconds.') }],
  ['certificate', 'warn', 'certificate-mismatch', 'admin', { ...withOwn({ connection: { ...connection, ways: [userWay, noWay('jwt')] }, signingKeys: [{ ...key, state: 'created' }] }), assertion: looked({ ...refusedProof, cause: 'certificate-mismatch' }) }],
  ['certificate', 'fail', 'subject-unknown', 'user', withConnection({ user: { ...connection.user, username: null } })],
  ['egress-address', 'fail', 'user-ip-blocked', 'admin', withOwn({ recentCauses: ['user-ip-blocked'] })],
  ['egress-address', 'fail', 'egress-not-allowlisted', 'operator', withOwn({ recentCauses: ['egress-not-allowlisted'] })],
  ['egress-address', 'fail', 'network-containment', 'operator', withOwn({ recentCauses: ['network-containment'] })],
  ['api-enabled', 'fail', 'api-disabled', 'admin', withOrg({ limits: stopped('API_DISABLED_FOR_ORG') })],
  ['api-head-room', 'fail', 'daily-quota', 'admin', withOrg({ limits: looked({ dailyApiRequests: { max: 100_000, remaining: 15_000 }, bulkQueryJobs: null, bulkQueryStorageMb: null, reserveFrom: 80_000 }) })],
  ['api-head-room', 'warn', 'daily-quota', 'admin', withOrg({ limits: looked({ dailyApiRequests: { max: 100_000, remaining: 30_000 }, bulkQueryJobs: null, bulkQueryStorageMb: null, reserveFrom: 80_000 }) })],
  ['api-head-room', 'warn', 'bulk-limited', 'nobody', withOrg({ limits: looked({ dailyApiRequests: { max: 100_000, remaining: 93_000 }, bulkQueryJobs: { max: 10_000, remaining: 0 }, bulkQueryStorageMb: null, reserveFrom: 80_000 }) })],
  ['objects-visible', 'fail', 'object-forbidden', 'admin', object({ visible: false })],
  ['objects-visible', 'warn', 'rows-hidden-by-sharing', 'admin', withOrg({ permissions: looked({ viewAllData: false, modifyAllData: false }) })],
  ['fields-visible', 'fail', 'field-hidden', 'admin', object({ hiddenKeyFields: ['Amount'] })],
  ['bulk', 'warn', 'bulk-limited', 'admin', withOrg({ bulk: looked({ objects: [{ name: 'Opportunity', refused: null }, { name: 'Lead', refused: { code: 'FEATURENOTENABLED', text: 'x.' } }] }) })],
  ['api-version', 'fail', 'api-version-retired', 'operator', withOrg({ versions: looked({ offered: ['31.0', '60.0'], used: '66.0' }) })],
  ['organization', 'fail', 'identity-changed', 'operator', withOrg({ organization: looked({ id: '00DXX0000001abcEAA', name: 'Other', timeZone: 'UTC', fiscalYearStartMonth: 1, edition: null, sandbox: null, currency: null, currencies: null }) })],
  ['organization', 'warn', 'org-facts-hidden', 'admin', withOrg({ organization: looked({ id: '00D5g00000AbCdEEA1', name: 'Northwind', timeZone: null, fiscalYearStartMonth: null, edition: null, sandbox: null, currency: null, currencies: null }) })],
  ['five-grants', 'warn', 'evicted-by-five-grants', 'user', withOwn({ consents30d: 5 })],
  ['write-ability', 'warn', 'more-rights-than-needed', 'admin', object({ mayChange: true })],
])('%s: %s because of %s, for the %s', (code, outcome, cause, who, findings) => {
  const check = found(findings, code);
  expect(check).toMatchObject({ outcome, cause, who });
  expect([check?.fix?.length ?? 0, check?.evidence.length ?? 0].every((length) => length > 15)).toBe(true);
  expect(diagnose(findings, at).outcome === 'ok').toBe(false);
});

it('skips what it could not look at, with the reason, and judges the rest', () => {
  const blind: Findings = { assertion: stopped('NO_ACCESS_STORED'), own: { ...own, grantedScopes: null, signingKeys: [], connection: { ...connection, ways: [noWay('user'), noWay('jwt')] } }, loginHost: sound.loginHost, identity: stopped('NO_ACCESS_STORED', 'no access is stored.'), org: stopped('BUS_UNAVAILABLE', 'ingest-service does not answer.') };
  const { checks: results, outcome } = diagnose(blind, at);
  expect(results.filter((check) => check.outcome === 'skipped').map(({ code }) => code)).toEqual([
    'app-installed', 'scopes', 'access-token', 'refresh-token', 'certificate', 'api-enabled', 'api-head-room', 'objects-visible', 'fields-visible', 'bulk', 'api-version', 'organization', 'write-ability']);
  expect([results.find(({ code }) => code === 'bulk')?.evidence, outcome, results.length]).toEqual(['Not checked: ingest-service does not answer.', 'ok', checks.length]);
});

it('hands over a text that is complete in itself', () => {
  const text = diagnose({ ...object({ hiddenKeyFields: ['Amount', 'CloseDate'] }), own: { ...own, recentCauses: ['user-ip-blocked'] } }, at).textForAdmin ?? '';
  for (const needed of ['Opportunity.Amount, Opportunity.CloseDate', '3MVG9client', 'https://tributary.example/connect/salesforce/callback', 'openid, api, refresh_token', 'AA:BB', '203.0.113.7', 'ava@northwind.example', '00D5g00000AbCdEEA1', '/lightning/setup/ObjectManager/Opportunity/FieldsAndRelationships/view']) expect(text).toContain(needed);
  expect(text).not.toMatch(/undefined|null/);
});
