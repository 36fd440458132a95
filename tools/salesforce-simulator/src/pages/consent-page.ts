import { escape, page } from './layout.ts';

export interface ConsentPage {
  readonly transaction: string;
  readonly app: string;
  readonly scopes: readonly string[];
  readonly user: { readonly name: string; readonly username: string };
  /** Origin that the answer goes to. */
  readonly returnTo: string;
}

const texts: Readonly<Record<string, string>> = {
  api: 'Manage user data via APIs', refresh_token: 'Perform requests at any time', offline_access: 'Perform requests at any time', openid: 'Access unique user identifiers',
  id: 'Access the identity URL service', web: 'Manage user data via web browsers', profile: 'Access your profile', email: 'Access your e-mail address',
};

/** What the app may do, Allow and Deny. */
export function consentPage({ transaction, app, scopes, user, returnTo }: ConsentPage): string {
  const lines = [...new Set(scopes.map((scope) => texts[scope] ?? scope))];
  return page('Allow access', `
<h1>Allow access?</h1><p class="lead">${escape(app)} is asking to:</p>
<ul class="scopes">${lines.map((line) => `<li>${escape(line)}</li>`).join('')}</ul>
<form method="post" action="/setup/secur/RemoteAccessAuthorizationPage.apexp"><input type="hidden" name="txn" value="${escape(transaction)}">
<div class="row"><button class="button quiet" type="submit" name="decision" value="deny">Deny</button><button class="button" type="submit" name="decision" value="allow">Allow</button></div></form>
<p class="note">Logged in as <b>${escape(user.name)}</b> (${escape(user.username)}). <a href="/login?txn=${escape(transaction)}">Not you?</a><br>The answer goes to <code>${escape(returnTo)}</code>.</p>`);
}
