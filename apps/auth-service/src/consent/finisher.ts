import { PersonId } from '@tributary/event-contracts';
import { correlationIdOf } from '@tributary/service-kit';
import type { Request } from 'express';

/** Who goes through a sign-in, as the gateway tells. */
export interface Finisher {
  readonly personId: string | undefined;
  /** When that person's session last proved who they are. */
  readonly authenticatedAt: Date | undefined;
  readonly correlationId: string;
}

/** Set by the gateway, which removes them from what browsers send. */
const personHeader = 'x-tributary-person';
const authenticatedHeader = 'x-tributary-authenticated-at';

export function personOf(request: Request): string | undefined {
  const person = PersonId.safeParse(request.headers[personHeader]);
  return person.success ? person.data : undefined;
}

export function finisherOf(request: Request): Finisher {
  const authenticatedAt = new Date(String(request.headers[authenticatedHeader]));
  return { personId: personOf(request), authenticatedAt: Number.isNaN(authenticatedAt.getTime()) ? undefined : authenticatedAt, correlationId: correlationIdOf(request) };
}
