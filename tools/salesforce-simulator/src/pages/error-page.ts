import { escape, page } from './layout.ts';

/** What a person sees when the answer does not go back to the app. */
export function errorPage(error: string, description: string): string {
  return page('Authorization error', `
<h1>We can't authorize you because of an OAuth error.</h1><p class="lead">For more information, contact your Salesforce administrator.</p>
<p class="problem" role="alert"><code>error=${escape(error)}&amp;error_description=${escape(encodeURIComponent(description))}</code></p>
<p>OAUTH_APPROVAL_ERROR_GENERIC : An unexpected error has occured during authentication. Please try again.</p>
<p class="note">${escape(description)}</p>`);
}

/** Salesforce's page while an org is being worked on. */
export function maintenancePage(): string {
  return page('Maintenance', '<h1>We are down for maintenance.</h1><p class="lead">Sorry for the inconvenience. We\'ll be back shortly.</p>');
}

export function goneOrgPage(): string {
  return page('URL No Longer Exists', '<h1>URL No Longer Exists</h1><p class="lead">You have attempted to reach a URL that no longer exists on salesforce.com.</p>');
}
