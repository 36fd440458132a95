import fc from 'fast-check';
import { expect, it } from 'vitest';
import { requireAllowed } from './allowlist.ts';

const job = '/services/data/v66.0/jobs/query/750XX000000Jb01AAC';
const allowed: readonly (readonly [method: string, path: string])[] = [
  ['POST', '/services/oauth2/token'],
  ['POST', '/services/oauth2/revoke'],
  ['POST', '/services/oauth2/introspect'],
  ['GET', '/services/oauth2/userinfo'],
  ['GET', '/id/00DXX0000001abcEAA/005XX0000001XyzAAA'],
  ['GET', '/id/keys'],
  ['GET', '/.well-known/openid-configuration'],
  ['GET', '/services/data'],
  ['GET', '/services/data/'],
  ['GET', '/services/data/v66.0/limits'],
  ['GET', '/services/data/v66.0/limits/recordCount'],
  ['GET', '/services/data/v66.0/sobjects'],
  ['GET', '/services/data/v66.0/sobjects/Account/describe'],
  ['GET', '/services/data/v66.0/sobjects/Deal__c/updated'],
  ['GET', '/services/data/v66.0/sobjects/ns__Deal__c/deleted/'],
  ['GET', '/services/data/v66.0/query'],
  ['GET', '/services/data/v66.0/query/0r8xx5R2yF2gs3VASQ-2000'],
  ['GET', '/services/data/v66.0/queryAll'],
  ['GET', '/services/data/v100.0/queryAll'],
  ['GET', '/services/data/v66.0/jobs/query'],
  ['POST', '/services/data/v66.0/jobs/query'],
  ['GET', job],
  ['GET', `${job}/results`],
  ['GET', `${job}/resultPages`],
  ['GET', `${job}/resultpages`],
  ['PATCH', job],
  ['DELETE', job],
];

const refused: readonly (readonly [method: string, path: string])[] = [
  ['POST', '/services/data/v66.0/sobjects/Account'],
  ['PATCH', '/services/data/v66.0/sobjects/Account/001XX000003Ab0xAAC'],
  ['DELETE', '/services/data/v66.0/sobjects/Account/001XX000003Ab0xAAC'],
  ['PUT', '/services/data/v66.0/sobjects/Account/001XX000003Ab0xAAC'],
  ['POST', '/services/data/v66.0/composite'],
  ['POST', '/services/data/v66.0/composite/batch'],
  ['POST', '/services/data/v66.0/composite/tree/Account'],
  ['POST', '/services/data/v66.0/jobs/ingest'],
  ['PUT', '/services/data/v66.0/jobs/ingest/750XX000000Jb01AAC/batches'],
  ['GET', '/services/data/v66.0/jobs/ingest/750XX000000Jb01AAC/successfulResults'],
  ['POST', '/services/data/v66.0/query'],
  ['GET', '/services/data/v66.0/tooling/query'],
  ['GET', '/services/data/v66.0/tooling/executeAnonymous'],
  ['POST', '/services/apexrest/anything'],
  ['POST', '/services/Soap/u/66.0'],
  ['POST', '/services/async/66.0/job'],
  ['GET', '/services/oauth2/authorize'],
  ['GET', '/services/oauth2/token'],
  ['GET', '/services/oauth2/revoke'],
  ['POST', '/services/oauth2/register'],
  ['GET', '/services/oauth2/singleaccess'],
  ['GET', '/id/00DXX0000001abcEAA'],
  ['GET', '/id/005XX0000001XyzAAA/00DXX0000001abcEAA'],
  ['GET', '/secur/frontdoor.jsp'],
  ['GET', '/'],
  ['GET', ''],
  ['GET', '//evil.example/services/data'],
  ['GET', 'https://evil.example/services/data'],
  ['GET', '/services/data/../oauth2/authorize'],
  ['GET', '/services/data/v66.0/query/..'],
  ['GET', '/services/data/v66.0/query/../sobjects/Account/001XX000003Ab0xAAC'],
  ['GET', '/services/data/v66.0/query/%2e%2e'],
  ['GET', '/services/data\n'],
  ['GET', '/services/data\\'],
  ['GET', '/services/data#x'],
  ['GET', '/SERVICES/DATA'],
  ['GET', '/services/data/v66.0/JOBS/QUERY'],
  ['GET', '/services/data/v66.0/sobjects/Account/001XX000003Ab0xAAC'],
  ['GET', '/services/data/v66.0/sobjects/Attachment/00P/Body'],
  ['get', '/services/data'],
  ['HEAD', '/services/data'],
  ['OPTIONS', '/services/data'],
  ['PATCH', '/services/data/v66.0/jobs/query'],
  ['DELETE', '/services/data/v66.0/jobs/query'],
  ['DELETE', `${job}/results`],
  ['POST', `${job}/results`],
  ['POST', job],
];

const permitted = new Set(allowed.map((call) => call.join(' ')));
const passes = (method: string, path: string): boolean => {
  try {
    requireAllowed(method, path);
    return true;
  } catch {
    return false;
  }
};

it.each(allowed)('lets %s %s through', (method, path) => {
  expect(() => requireAllowed(method, path)).not.toThrow();
});

it.each(refused)('refuses %s %j', (method, path) => {
  expect(() => requireAllowed(method, path)).toThrow(expect.objectContaining({ code: 'CALL_NOT_ALLOWED', kind: 'defect' }));
});

it('refuses every other verb on every allowed path', () => {
  const verbs = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE', 'HEAD', 'OPTIONS', 'TRACE', 'CONNECT', 'MERGE', 'get', 'Post'];
  const slipped = allowed.flatMap(([, path]) => verbs.filter((verb) => !permitted.has(`${verb} ${path}`) && passes(verb, path)).map((verb) => `${verb} ${path}`));
  expect(slipped).toEqual([]);
});

it('refuses whatever is hung on an allowed path', () => {
  const tail = fc.oneof(fc.constantFrom('/..', '/../x', '//', '/%2e', ';x', '#x', '\n', ' ', '\\', '.json', '@evil.example', '\u0000'), fc.string({ minLength: 1 }).filter((text) => !/^[\w-]*\/?$/.test(text)).map((text) => `/${text}`));
  fc.assert(fc.property(fc.constantFrom(...allowed), tail, (call, text) => !passes(call[0], call[1] + text) || permitted.has(`${call[0]} ${call[1]}${text}`) || text === '/results' || text === '/resultPages'), { numRuns: 2_000 });
});

it('lets no writing verb through outside OAuth and query jobs', () => {
  const segment = fc.constantFrom('services', 'data', 'v66.0', 'jobs', 'query', 'ingest', 'sobjects', 'Account', 'composite', 'oauth2', 'token', 'id', 'keys', '001XX000003Ab0xAAC', '..', '');
  fc.assert(fc.property(fc.constantFrom('POST', 'PUT', 'PATCH', 'DELETE'), fc.array(segment, { maxLength: 7 }), (method, segments) => {
    const path = `/${segments.join('/')}`;
    return !passes(method, path) || /^\/services\/(oauth2\/token$|data\/v66\.0\/jobs\/query)/.test(path);
  }), { numRuns: 5_000 });
});
