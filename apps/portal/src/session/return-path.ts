/** A path of this portal to go back to; anything else, such as another site's address, becomes the start page. */
export function returnPathOf(value: unknown): string {
  if (typeof value !== 'string' || !/^\/(?![/\\])/.test(value)) return '/';
  try {
    const base = 'http://portal.invalid';
    const address = new URL(value, base);
    return address.origin === base && !address.pathname.startsWith('/welcome') ? `${address.pathname}${address.search}${address.hash}` : '/';
  } catch {
    return '/';
  }
}

/** Address that starts the consent at a login host; `login` undefined means the host offered first. */
export function consentAddress(login: string | undefined, returnTo: string): string {
  const query = new URLSearchParams(login === undefined ? {} : { login });
  query.set('return', returnPathOf(returnTo));
  return `/connect/salesforce?${query}`;
}
