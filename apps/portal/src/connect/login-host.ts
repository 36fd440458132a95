/** Login hosts offered by name. */
export const productionLogin = 'https://login.salesforce.com';
export const sandboxLogin = 'https://test.salesforce.com';

/**
 * The login origin behind any address of an org, also one copied from Lightning, Setup or a Visualforce page.
 * The server decides whether a host is allowed; this only saves people from looking it up.
 * @returns undefined when the address is not one of Salesforce
 */
export function loginOriginOf(pasted: string): string | undefined {
  const host = hostOf(pasted.trim());
  if (host === undefined) return undefined;
  if (host === 'login.salesforce.com' || host === 'test.salesforce.com') return `https://${host}`;
  const myDomain = domainOf(host);
  return myDomain === undefined ? undefined : `https://${myDomain}`;
}

/** `acme--dev.sandbox.lightning.force.com` → `acme--dev.sandbox.my.salesforce.com` */
function domainOf(host: string): string | undefined {
  for (const suffix of ['.lightning.force.com', '.my.salesforce.com', '.my.salesforce-setup.com', '.file.force.com', '.my.site.com']) {
    if (!host.endsWith(suffix)) continue;
    const name = host.slice(0, -suffix.length);
    return isOrgName(name) ? `${name}.my.salesforce.com` : undefined;
  }
  // Visualforce pages: acme--c.vf.force.com, acme--dev--c.sandbox.vf.force.com
  const visualforce = /^(.+)--[a-z0-9_]+((?:\.[a-z]+)?)\.vf\.force\.com$/.exec(host);
  const name = visualforce === null ? undefined : `${visualforce[1]}${visualforce[2]}`;
  return name !== undefined && isOrgName(name) ? `${name}.my.salesforce.com` : undefined;
}

/** An org's own name with at most a kind behind it, such as `acme--dev.sandbox`. */
function isOrgName(name: string): boolean {
  return /^[a-z0-9](?:[a-z0-9-]*[a-z0-9])?(?:\.(?:sandbox|develop|scratch|demo|patch|trailblaze|free))?$/.test(name);
}

function hostOf(address: string): string | undefined {
  if (address === '') return undefined;
  try {
    const url = new URL(/^[a-z]+:\/\//i.test(address) ? address : `https://${address}`);
    return url.protocol === 'https:' || url.protocol === 'http:' ? url.hostname.toLowerCase() : undefined;
  } catch {
    return undefined;
  }
}
