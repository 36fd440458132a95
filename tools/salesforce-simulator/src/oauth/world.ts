import type { SimulatorClock } from '../control/clock.ts';
import type { Settings } from '../control/settings.ts';
import type { HostKind } from '../http/request.ts';
import type { Org } from '../org/org.ts';
import type { Row } from '../org/value.ts';
import type { ConnectedApp } from './app.ts';
import type { SigningKey } from './signing-key.ts';
import type { TokenStore } from './token-store.ts';

/** What the parts of the simulator share. */
export interface World {
  readonly clock: SimulatorClock;
  readonly settings: Settings;
  readonly org: Org;
  /** 18 characters. */
  readonly orgId: string;
  readonly app: ConnectedApp;
  readonly tokens: TokenStore;
  readonly signingKey: SigningKey;
  /** Origins by host, known once the servers listen. */
  readonly origin: (host: HostKind) => string;
}

/** Users who can sign in, the default first. */
export function signInUsers({ org }: World): Row[] {
  const rows = org.require('User').rows();
  return Array.from({ length: rows.length }, (_, index) => rows.at(index)).filter((row) => row['UserType'] === 'Standard');
}

export function userNamed(world: World, username: string): Row | undefined {
  return signInUsers(world).find((row) => String(row['Username']).toLowerCase() === username.toLowerCase());
}

export function isActiveUser({ settings }: World, user: Row): boolean {
  return user['IsActive'] === true && !settings.inactiveUsers.includes(String(user['Username']));
}

/** Identity URL of a user; its host is the login host that issued the token. */
export function identityUrl(world: World, host: HostKind, userId: string): string {
  return `${world.origin(host)}/id/${world.orgId}/${userId}`;
}
