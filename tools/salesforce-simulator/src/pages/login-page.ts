import type { HostKind } from '../http/request.ts';
import { escape, initials, page } from './layout.ts';

export interface LoginPage {
  readonly transaction: string;
  readonly app: string;
  readonly host: HostKind;
  readonly users: readonly { readonly username: string; readonly name: string; readonly title: string; readonly active: boolean }[];
  /** Username the app suggests. */
  readonly hint: string | undefined;
  readonly problem: string | undefined;
}

const shown = 5;
const hostNames: Readonly<Record<HostKind, string>> = { login: 'Production org', test: 'Sandbox', org: 'My Domain' };

/** Who signs in: a few people as buttons, everybody in a list. */
export function loginPage({ transaction, app, host, users, hint, problem }: LoginPage): string {
  const hinted = users.filter(({ username }) => username === hint);
  const first = [...hinted, ...users.filter(({ active, username }) => active && username !== hint)].slice(0, shown);
  return page('Log in', `
<h1>Log in to Northwind Traders</h1><p class="lead">${escape(app)} asks you to sign in (${hostNames[host]})</p>
${problem === undefined ? '' : `<p class="problem" role="alert">${escape(problem)}</p>`}
<form method="post" action="/login"><input type="hidden" name="txn" value="${escape(transaction)}">
<h2 id="people">Choose who you are</h2>
<ul class="people" aria-labelledby="people">${first.map(person).join('')}</ul></form>
<form method="post" action="/login"><input type="hidden" name="txn" value="${escape(transaction)}">
<h2><label for="username">Or somebody else</label></h2>
<select id="username" name="username">${users.map(({ username, name, active }) => `<option value="${escape(username)}">${escape(name)} (${escape(username)})${active ? '' : ', inactive'}</option>`).join('')}</select>
<div class="row"><button class="button" type="submit">Log In</button></div></form>`);
}

function person({ username, name, title }: LoginPage['users'][number]): string {
  return `<li><button class="person" type="submit" name="chosen" value="${escape(username)}"><span class="initials" aria-hidden="true">${escape(initials(name))}</span><b>${escape(name)}</b><small>${escape(title === '' ? username : title)}</small></button></li>`;
}
