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

/** What a sign-in is for, besides coming back. */
export interface SignInWish {
  /** Token of an invitation that is accepted by signing in. */
  readonly invitation?: string | undefined;
  /** The person proves anew who they are, even while a session is open. */
  readonly fresh?: boolean;
  /** The connection whose access is renewed, by its own user alone. */
  readonly connection?: string;
}

/** Address that starts the consent at a login host; `login` undefined means the host offered first. */
export function consentAddress(login: string | undefined, returnTo: string, wish: SignInWish = {}): string {
  const query = new URLSearchParams(login === undefined ? {} : { login });
  return `/connect/salesforce?${asking(query, returnTo, wish)}`;
}

/** Address that starts a sign-in at another provider and comes back to a path of this portal. */
export function providerAddress(startPath: string, returnTo: string, wish: SignInWish = {}): string {
  return `${startPath}?${asking(new URLSearchParams(), returnTo, wish)}`;
}

function asking(query: URLSearchParams, returnTo: string, { invitation, fresh = false, connection }: SignInWish): URLSearchParams {
  query.set('return', returnPathOf(returnTo));
  if (invitation !== undefined) query.set('invitation', invitation);
  if (fresh) query.set('fresh', '1');
  if (connection !== undefined) query.set('connection', connection);
  return query;
}

/** The token in the fragment of an invitation's link, which no server sees before it is used; undefined when there is none. */
export function invitationOf(hash: string): string | undefined {
  return /^#([\w-]{20,200})$/.exec(hash)?.[1];
}
