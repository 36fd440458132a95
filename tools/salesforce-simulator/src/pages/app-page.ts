import type { ShownCertificate } from '../oauth/app-certificates.ts';
import { escape, page } from './layout.ts';

export interface AppPage {
  readonly app: string;
  readonly clientId: string;
  readonly callbacks: readonly string[];
  readonly certificates: readonly ShownCertificate[];
  readonly users: readonly { readonly username: string; readonly name: string; readonly preauthorised: boolean }[];
  readonly adminApprovedOnly: boolean;
  readonly told: string | undefined;
  readonly problem: string | undefined;
}

/** The app as an administrator sees it in Setup: its certificate, and who is pre-authorised. */
export function appPage({ app, clientId, callbacks, certificates, users, adminApprovedOnly, told, problem }: AppPage): string {
  return page('External Client App', `
<h1>External Client App: ${escape(app)}</h1><p class="lead">Setup, as a Salesforce administrator sees it</p>
${problem === undefined ? '' : `<p class="problem" role="alert">${escape(problem)}</p>`}${told === undefined ? '' : `<p class="note" role="status">${escape(told)}</p>`}
<h2>Consumer key</h2><code>${escape(clientId)}</code>
<h2>Callback URLs</h2>${callbacks.map((callback) => `<code>${escape(callback)}</code>`).join('<br>')}
<h2>Certificate of the JWT bearer flow</h2>
${certificates.length === 0 ? '<p>No certificate is uploaded.</p>' : `<ul class="scopes">${certificates.map(certificate).join('')}</ul>`}
<form method="post" action="/setup/app/certificate">
<label for="certificate">Paste a certificate (PEM)</label>
<textarea id="certificate" name="certificate" rows="6" required spellcheck="false" style="width:100%;font:12px/1.4 ui-monospace,monospace" placeholder="-----BEGIN CERTIFICATE-----"></textarea>
<label><input type="checkbox" name="mode" value="add"> Keep the present one too</label>
<div class="row"><button class="button" type="submit">Upload</button></div></form>
<form method="post" action="/setup/app/users">
<h2>Pre-authorised users</h2>
<label><input type="checkbox" name="adminApproved" value="yes"${adminApprovedOnly ? ' checked' : ''}> Admin approved users only</label>
<ul class="scopes" style="max-height:16rem;overflow:auto">${users.map(user).join('')}</ul>
<div class="row"><button class="button quiet" type="submit">Save policies</button></div></form>
<p class="note">Whoever allowed the app in the browser counts as approved unless "Admin approved users only" is on.</p>`);
}

function certificate({ subject, fingerprint, validTo }: ShownCertificate): string {
  return `<li>${escape(subject)}<br><code>${escape(fingerprint)}</code><br><small>${validTo === '' ? '' : `valid until ${escape(validTo)}`}</small></li>`;
}

function user({ username, name, preauthorised }: AppPage['users'][number]): string {
  return `<li><label><input type="checkbox" name="user" value="${escape(username)}"${preauthorised ? ' checked' : ''}> ${escape(name)} <small>(${escape(username)})</small></label></li>`;
}
