import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';

const maxAgeSeconds = 600;
/** Tabs of one browser in which a consent may be under way. More cookies would make its requests too large to be answered at all. */
const mostOfBrowser = 12;

/** Ties a started consent to the browser that started it, by a cookie of its own, so that several tabs do not disturb each other. */
export interface BrowserBinding {
  readonly secret: string;
  /** `Set-Cookie` value. */
  readonly cookie: string;
}

/** Over https the prefix makes browsers refuse the cookie from anywhere but this host; loopback http cannot carry it. */
const prefixOf = (publicOrigin: string): string => `${publicOrigin.startsWith('https:') ? '__Host-' : ''}tributary-connect-`;

function nameOf(publicOrigin: string, state: string): string {
  return prefixOf(publicOrigin) + createHash('sha256').update(`cookie:${state}`).digest('hex').slice(0, 12);
}

function cookie(publicOrigin: string, name: string, value: string, ageSeconds: number): string {
  return `${name}=${value}; Path=/; HttpOnly; SameSite=Lax; Max-Age=${ageSeconds}${publicOrigin.startsWith('https:') ? '; Secure' : ''}`;
}

/** A fresh binding for a state. */
export function bindBrowser(publicOrigin: string, state: string): BrowserBinding {
  const secret = randomBytes(32).toString('base64url');
  return { secret, cookie: cookie(publicOrigin, nameOf(publicOrigin, state), secret, maxAgeSeconds) };
}

/** `Set-Cookie` value that removes the binding of a state. */
export function unbindBrowser(publicOrigin: string, state: string): string {
  return cookie(publicOrigin, nameOf(publicOrigin, state), '', 0);
}

/** `Set-Cookie` values that remove the oldest bindings of a browser, so that it has room for another one. Browsers send the oldest first. */
export function unbindOldest(publicOrigin: string, cookieHeader: string | undefined): string[] {
  const names = partsOf(cookieHeader).map((part) => part.slice(0, part.indexOf('='))).filter((name) => name.startsWith(prefixOf(publicOrigin)));
  return names.slice(0, Math.max(0, names.length + 1 - mostOfBrowser)).map((name) => cookie(publicOrigin, name, '', 0));
}

/** The binding secret that a browser sends for a state. */
export function bindingOf(cookieHeader: string | undefined, publicOrigin: string, state: string): string | undefined {
  const name = nameOf(publicOrigin, state);
  const pair = partsOf(cookieHeader).find((part) => part.startsWith(`${name}=`));
  return pair?.slice(name.length + 1);
}

const partsOf = (cookieHeader = ''): string[] => cookieHeader.split(';').map((part) => part.trim());

/** SHA-256 in base64url; what is stored of states, bindings and tickets. */
export function hashOf(secret: string): string {
  return createHash('sha256').update(secret).digest('base64url');
}

/** Compares two hashes in constant time. */
export function sameHash(a: string, b: string): boolean {
  const [left, right] = [Buffer.from(a), Buffer.from(b)];
  return left.length === right.length && timingSafeEqual(left, right);
}
