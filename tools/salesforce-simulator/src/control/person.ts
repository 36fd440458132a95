export interface ApprovalOptions {
  /** Who signs in; the default user when absent. */
  readonly username?: string;
  /** Presses Deny instead of Allow. */
  readonly deny?: boolean;
}

const maxSteps = 12;

/**
 * Plays the person in front of the pages: follows redirects, signs in, allows or denies.
 * @returns the address that the browser is sent back to
 * @throws Error with the page's text when the pages end without one
 */
export async function approveAsPerson(authorizeUrl: string, origins: readonly string[], defaultUsername: string, { username = defaultUsername, deny = false }: ApprovalOptions): Promise<string> {
  let cookies = '';
  let url = new URL(authorizeUrl);
  // Whoever wants to deny has to be asked, even when the app was approved before.
  if (deny) url.searchParams.set('prompt', 'consent');
  let form: URLSearchParams | undefined;
  let signedIn = false;
  for (let step = 0; step < maxSteps; step += 1) {
    const response = await fetch(url, { method: form === undefined ? 'GET' : 'POST', redirect: 'manual', headers: { cookie: cookies }, ...(form === undefined ? {} : { body: form }) });
    form = undefined;
    cookies = response.headers.getSetCookie().map((cookie) => cookie.split(';', 1)[0] ?? '').at(-1) ?? cookies;
    const location = response.headers.get('location');
    if (location !== null) {
      url = new URL(location, url);
      if (!origins.includes(url.origin)) return url.href;
      continue;
    }
    const page = await response.text();
    const transaction = /name="txn" value="([^"]+)"/.exec(page)?.[1];
    if (transaction === undefined || (signedIn && page.includes('action="/login"'))) throw new Error(`The sign-in ended on a page: ${textOf(page)}`);
    if (page.includes('action="/login"')) {
      signedIn = true;
      url = new URL('/login', url);
      form = new URLSearchParams({ txn: transaction, username });
    } else {
      url = new URL('/setup/secur/RemoteAccessAuthorizationPage.apexp', url);
      form = new URLSearchParams({ txn: transaction, decision: deny ? 'deny' : 'allow' });
    }
  }
  throw new Error('The sign-in goes round in circles.');
}

function textOf(page: string): string {
  return page.replace(/<style>.*?<\/style>|<[^>]+>/gs, ' ').replaceAll('&amp;', '&').replaceAll('&#39;', "'").replace(/\s+/g, ' ').trim().slice(0, 600);
}
