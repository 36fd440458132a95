import { redeemSignIn, type SignedInPerson } from '@tributary/api-contracts';
import type { Simulator } from '@tributary/salesforce-simulator';
import type { ConnectionId } from '@tributary/event-contracts';
import { Browser, type Asker, type RunningAuth } from './auth-service.harness.ts';

/** Who a consent signed in, with the connection it made. */
export type ConnectedPerson = SignedInPerson & { readonly connectionId: ConnectionId };

/** Connects a user of the simulator's org, from the start to the redeemed ticket. */
export async function connectAs(service: Pick<RunningAuth, 'origin'>, simulator: Simulator, gateway: Asker, { username, personId }: { username?: string; personId?: string } = {}): Promise<ConnectedPerson> {
  const browser = new Browser(service, personId);
  const finished = await browser.get(await simulator.approve(await browser.start(), username === undefined ? {} : { username }));
  const ticket = finished.headers.get('x-tributary-sign-in');
  if (ticket === null) throw new Error(`the consent ended at ${finished.headers.get('location')}`);
  const { connectionId, ...person } = await gateway.ask(redeemSignIn, { ticket });
  if (connectionId === null) throw new Error('the consent made no connection');
  return { ...person, connectionId };
}

/** How many refreshes the simulator has answered, by status. */
export function refreshesOf(simulator: Simulator): number[] {
  return simulator.log.entries().filter(({ grantType }) => grantType === 'refresh_token').map(({ status }) => status);
}
