import { Defect } from '@tributary/failures';

/** Read-only by construction: every call this client can make. Nothing else leaves. */
const allowed: readonly (readonly [method: string, path: RegExp])[] = [
  ['POST', /^\/services\/oauth2\/(token|revoke|introspect)$/],
  ['GET', /^\/services\/oauth2\/userinfo$/],
  ['GET', /^\/id\/00D[a-zA-Z0-9]{12,15}\/005[a-zA-Z0-9]{12,15}$/],
  ['GET', /^\/id\/keys$/],
  ['GET', /^\/\.well-known\/openid-configuration$/],
  ['GET', /^\/services\/data\/?$/],
  ['GET', /^\/services\/data\/v\d{2,3}\.0\/(limits|sobjects)\/?$/],
  ['GET', /^\/services\/data\/v\d{2,3}\.0\/limits\/recordCount\/?$/],
  ['GET', /^\/services\/data\/v\d{2,3}\.0\/sobjects\/[a-zA-Z]\w*\/(describe|updated|deleted)\/?$/],
  ['GET', /^\/services\/data\/v\d{2,3}\.0\/(query|queryAll)(\/[\w-]+)?\/?$/],
  ['GET', /^\/services\/data\/v\d{2,3}\.0\/jobs\/query(\/\w+(\/(results|result[pP]ages))?)?$/],
  ['POST', /^\/services\/data\/v\d{2,3}\.0\/jobs\/query$/],
  ['PATCH', /^\/services\/data\/v\d{2,3}\.0\/jobs\/query\/\w+$/],
  ['DELETE', /^\/services\/data\/v\d{2,3}\.0\/jobs\/query\/\w+$/],
];

/** @throws Defect `CALL_NOT_ALLOWED` before anything is dialed */
export function requireAllowed(method: string, path: string): void {
  if (!allowed.some(([verb, pattern]) => verb === method && pattern.test(path))) {
    throw new Defect('CALL_NOT_ALLOWED', `The call ${method} ${path.slice(0, 80)} is not on the read-only list.`);
  }
}
