import { loginOriginOf, productionLogin, sandboxLogin } from '../connect/login-host.ts';

/** Where a service connection signs in; `own` is the host this installation is set up for. */
export type ServicePlace = 'own' | 'production' | 'sandbox' | 'domain';

/** Fields of the page of service connections. */
export interface ServiceFields {
  readonly username: string;
  readonly where: ServicePlace;
  /** Address of the org, where it signs in at none that is known by name. */
  readonly pasted: string;
  /** Address of an Experience Cloud site; empty for a user of the org itself. */
  readonly site: string;
}

/** What the page of service connections is filled in with by the address it was opened by: that of a connection to be brought back. */
export function serviceQueryOf({ username, login, site }: Readonly<Record<string, unknown>>): ServiceFields {
  const named = { username: textOf(username), site: textOf(site) };
  const origin = typeof login === 'string' ? loginOriginOf(login) : undefined;
  if (origin === undefined) return { ...named, where: 'own', pasted: '' };
  if (origin === productionLogin) return { ...named, where: 'production', pasted: '' };
  if (origin === sandboxLogin) return { ...named, where: 'sandbox', pasted: '' };
  return { ...named, where: 'domain', pasted: origin.slice('https://'.length) };
}

function textOf(given: unknown): string {
  return typeof given === 'string' ? given : '';
}
