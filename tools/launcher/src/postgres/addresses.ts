import { roleNames, type RoleName } from './roles.ts';

/** The same database with another account. */
export function withAccount(url: string, user: string, password: string): string {
  const address = new URL(url);
  address.username = encodeURIComponent(user);
  address.password = encodeURIComponent(password);
  return address.href;
}

/** The same server with another database. */
export function withDatabase(url: string, database: string): string {
  const address = new URL(url);
  address.pathname = `/${encodeURIComponent(database)}`;
  return address.href;
}

/** Where a database is, without who asks. */
export function placeOf(url: string): string {
  const { hostname, port, pathname } = new URL(url);
  return `${hostname}:${port === '' ? '5432' : port}${pathname}`;
}

/** Address of each role at a database. */
export function addressesOf(url: string, passwords: Readonly<Record<RoleName, string>>): Record<RoleName, string> {
  return Object.fromEntries(roleNames.map((role) => [role, withAccount(url, role, passwords[role])])) as Record<RoleName, string>;
}

/** One address for all, when the account may not make roles. */
export function sharedAddress(url: string): Record<RoleName, string> {
  return Object.fromEntries(roleNames.map((role) => [role, url])) as Record<RoleName, string>;
}
