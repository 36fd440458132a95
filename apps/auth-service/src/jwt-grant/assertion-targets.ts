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
}

const production = 'https://login.salesforce.com';
const sandbox = 'https://test.salesforce.com';

/**
 * Pairs of host and audience in the order of trying: the org's own host first, then the login host of its kind. The login host never gets
 * the audience of the other kind.
 * @param isExtra whether the operator named an origin as Salesforce (a simulator): it is its own audience
 */
export function assertionTargets({ loginOrigin, instanceUrl, orgKind }: OrgAddresses, isExtra: (origin: string) => boolean): readonly AssertionTarget[] {
  if (isExtra(loginOrigin)) return unique([...(instanceUrl !== undefined && isExtra(instanceUrl) ? [{ host: instanceUrl, audience: loginOrigin }] : []), { host: loginOrigin, audience: loginOrigin }]);
  const own = [loginOrigin, instanceUrl].find((origin) => origin !== undefined && /\.my\.salesforce\.com$/.test(origin));
  const audience = isSandbox({ loginOrigin, instanceUrl, orgKind }) ? sandbox : production;
  return unique([...(own === undefined ? [] : [{ host: own, audience }]), { host: audience, audience }]);
}

/** Scratch orgs sign in at the sandbox host too. */
function isSandbox({ loginOrigin, instanceUrl, orgKind }: OrgAddresses): boolean {
  return orgKind === 'sandbox' || loginOrigin === sandbox || [loginOrigin, instanceUrl].some((origin) => origin !== undefined && /\.(sandbox|scratch)\.my\.salesforce\.com$/.test(origin));
}

function unique(targets: readonly AssertionTarget[]): readonly AssertionTarget[] {
  return targets.filter(({ host }, index) => targets.findIndex((target) => target.host === host) === index);
}
