import type { ConnectionCore } from '@tributary/api-contracts';

/** The name people know an org by: the first part of its My Domain, else its host. */
export function orgLabel(instanceUrl: string): string {
  const { hostname, host } = new URL(instanceUrl);
  return hostname.endsWith('.my.salesforce.com') ? (hostname.split('.')[0] ?? hostname) : host;
}

/** What kind of org its addresses tell. */
export function orgKind(instanceUrl: string, identityUrl: string): ConnectionCore['org']['kind'] {
  const { hostname } = new URL(instanceUrl);
  if (hostname.includes('.sandbox.') || new URL(identityUrl).hostname === 'test.salesforce.com') return 'sandbox';
  if (hostname.includes('.develop.') || hostname.includes('-dev-ed.')) return 'developer';
  return hostname.endsWith('.salesforce.com') ? 'production' : 'unknown';
}
