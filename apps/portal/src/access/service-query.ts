import { loginOriginOf, productionLogin, sandboxLogin } from '../connect/login-host.ts';

/** Where a service connection signs in; `own` is the host this installation is set up for. */
export type ServicePlace = 'own' | 'production' | 'sandbox' | 'domain';

/** What the page of service connections is filled in with by the address it was opened by: that of a connection to be brought back. */
export function serviceQueryOf({ username, login }: Readonly<Record<string, unknown>>): { readonly username: string; readonly where: ServicePlace; readonly pasted: string } {
  const name = typeof username === 'string' ? username : '';
  const origin = typeof login === 'string' ? loginOriginOf(login) : undefined;
  if (origin === undefined) return { username: name, where: 'own', pasted: '' };
  if (origin === productionLogin) return { username: name, where: 'production', pasted: '' };
  if (origin === sandboxLogin) return { username: name, where: 'sandbox', pasted: '' };
  return { username: name, where: 'domain', pasted: origin.slice('https://'.length) };
}
