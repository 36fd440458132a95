import { redeemSignIn, type SignedInPerson } from '@tributary/api-contracts';
import type { Simulator } from '@tributary/salesforce-simulator';
import { Browser, failureOf, type Asker, type RunningAuth } from './auth-service.harness.ts';

/** Signs a Salesforce user in by a start with further parameters. @returns the person, or the code of the failure page */
export async function signInAs(auth: Pick<RunningAuth, 'origin'>, simulator: Simulator, gateway: Asker, { user, query = {}, personId, authenticatedAt }: { user: number; query?: Record<string, string>; personId?: string; authenticatedAt?: Date }): Promise<SignedInPerson | string> {
  const browser = new Browser(auth, personId);
  const started = await browser.get(`/connect/salesforce?${new URLSearchParams(query)}`);
  const callback = await simulator.approve(started.headers.get('location') ?? '', { username: simulator.users[user]?.username ?? '' });
  const finished = await browser.get(callback, authenticatedAt === undefined ? {} : { 'x-tributary-authenticated-at': authenticatedAt.toISOString() });
  return redeemed(finished, gateway);
}

/** Who a finished round trip signed in, or the code it failed with. */
export async function redeemed(finished: Response, gateway: Asker): Promise<SignedInPerson | string> {
  const ticket = finished.headers.get('x-tributary-sign-in');
  return ticket === null ? (failureOf(finished) ?? 'no ticket') : gateway.ask(redeemSignIn, { ticket });
}

/** The person, for a test in which the sign-in has to succeed. */
export function person(signedIn: SignedInPerson | string): SignedInPerson {
  if (typeof signedIn === 'string') throw new Error(`the sign-in failed with ${signedIn}`);
  return signedIn;
}
