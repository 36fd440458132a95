import type { ConnectionId } from '@tributary/event-contracts';
import type { NatsConnection } from '@nats-io/transport-node';
import { redeemSignIn } from '@tributary/api-contracts';
import type { Place } from './place.ts';

const publicOrigin = 'http://localhost:3000';

export interface Connected {
  readonly personId: string;
  readonly connectionId: ConnectionId;
}

/** Connects a user of the simulator's org as a browser would, from the start to the redeemed ticket. */
export async function connectPerson({ origin, simulator }: Place, gateway: NatsConnection, username?: string): Promise<Connected> {
  const started = await fetch(`${origin}/connect/salesforce`, { redirect: 'manual' });
  const cookie = started.headers.getSetCookie().map((set) => set.split(';', 1)[0]).join('; ');
  const callback = new URL(await simulator.approve(started.headers.get('location') ?? '', username === undefined ? {} : { username }), publicOrigin);
  const finished = await fetch(origin + callback.pathname + callback.search, { redirect: 'manual', headers: { cookie } });
  const ticket = finished.headers.get('x-tributary-sign-in');
  if (ticket === null) throw new Error(`the consent ended at ${finished.headers.get('location')}`);
  const { personId, connectionId } = redeemSignIn.reply.parse(await replyTo(gateway, redeemSignIn.subject, { ticket }));
  if (connectionId === null) throw new Error('the consent made no connection');
  return { personId, connectionId };
}

/** Asks over the bus. @throws Error with the code of the failure */
export async function replyTo(bus: NatsConnection, subject: string, request: unknown, timeout = 30_000): Promise<unknown> {
  const answer = (await bus.request(subject, JSON.stringify(request), { timeout })).json<{ reply?: unknown; failure?: { code: string } }>();
  if (answer.failure !== undefined) throw new Error(`${subject}: ${answer.failure.code}`);
  return answer.reply;
}
