import type { ConnectionCore } from '@tributary/api-contracts';

/** Where an assertion is presented, and the audience it names. */
export interface AssertionTarget {
  /** Origin of the token endpoint. */
  readonly host: string;
  readonly audience: string;
}

/** What is known of an org before the assertion. */
export interface OrgAddresses {
  readonly loginOrigin: string;
  /** Undefined before the first answer of the org. */
  readonly instanceUrl: string | undefined;
  readonly orgKind: ConnectionCore['org']['kind'];
  /** Address of the Experience Cloud site whose user it is: the audience then, and never a host. Null for users of the org itself. */
  readonly site: string | null;
}

const production = 'https://login.salesforce.com';
const sandbox = 'https://test.salesforce.com';

/**
 * Pairs of host and audience in the order of trying: the org's own host first, then the login host of its kind. The login host never gets
 * the audience of the other kind. A user of a site has the site for audience everywhere; its name is that of the org's My Domain.
 * @param isExtra whether the operator named an origin as Salesforce (a simulator): it is its own audience
 */
export function assertionTargets({ loginOrigin, instanceUrl, orgKind, site }: OrgAddresses, isExtra: (origin: string) => boolean): readonly AssertionTarget[] {
  if (isExtra(loginOrigin)) return at([...(instanceUrl !== undefined && isExtra(instanceUrl) ? [instanceUrl] : []), loginOrigin], site ?? loginOrigin);
  const origins = [loginOrigin, ...(instanceUrl === undefined ? [] : [instanceUrl]), ...(site === null ? [] : [myDomainOf(site)])];
  const login = orgKind === 'sandbox' || origins.some(isSandbox) ? sandbox : production;
  const own = origins.find((origin) => /\.my\.salesforce\.com$/.test(origin));
  return at([...(own === undefined ? [] : [own]), login], site ?? login);
}

function myDomainOf(site: string): string {
  return new URL(site).origin.replace(/\.my\.site\.com$/, '.my.salesforce.com');
}

/** Scratch orgs sign in at the sandbox host too. */
function isSandbox(origin: string): boolean {
  return origin === sandbox || /\.(sandbox|scratch)\.my\.salesforce\.com$/.test(origin);
}

function at(hosts: readonly string[], audience: string): readonly AssertionTarget[] {
  return [...new Set(hosts)].map((host) => ({ host, audience }));
}
