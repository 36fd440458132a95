import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';

const maxAgeSeconds = 600;

/** Ties a started consent to the browser that started it, by a cookie of its own, so that several tabs do not disturb each other. */
export interface BrowserBinding {
  readonly secret: string;
  /** `Set-Cookie` value. */
  readonly cookie: string;
}

/** Over https the prefix makes browsers refuse the cookie from anywhere but this host; loopback http cannot carry it. */
function nameOf(publicOrigin: string, state: string): string {
  const tag = createHash('sha256').update(`cookie:${state}`).digest('hex').slice(0, 12);
  return `${publicOrigin.startsWith('https:') ? '__Host-' : ''}tributary-connect-${tag}`;
}

function cookie(publicOrigin: string, state: string, value: string, ageSeconds: number): string {
  return `${nameOf(publicOrigin, state)}=${value}; Path=/; HttpOnly; SameSite=Lax; Max-Age=${ageSeconds}${publicOrigin.startsWith('https:') ? '; Secure' : ''}`;
}

/** A fresh binding for a state. */
export function bindBrowser(publicOrigin: string, state: string): BrowserBinding {
  const secret = randomBytes(32).toString('base64url');
  return { secret, cookie: cookie(publicOrigin, state, secret, maxAgeSeconds) };
}

/** `Set-Cookie` value that removes the binding of a state. */
export function unbindBrowser(publicOrigin: string, state: string): string {
  return cookie(publicOrigin, state, '', 0);
}

/** The binding secret that a browser sends for a state. */
export function bindingOf(cookieHeader: string | undefined, publicOrigin: string, state: string): string | undefined {
  const name = nameOf(publicOrigin, state);
  const pair = cookieHeader?.split(';').map((part) => part.trim()).find((part) => part.startsWith(`${name}=`));
  return pair?.slice(name.length + 1);
}

/** SHA-256 in base64url; what is stored of states, bindings and tickets. */
export function hashOf(secret: string): string {
  return createHash('sha256').update(secret).digest('base64url');
}

/** Compares two hashes in constant time. */
export function sameHash(a: string, b: string): boolean {
  const [left, right] = [Buffer.from(a), Buffer.from(b)];
  return left.length === right.length && timingSafeEqual(left, right);
}
