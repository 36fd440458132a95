import { randomUUID } from 'node:crypto';
import type { IncomingMessage } from 'node:http';

/** Header by which one user action is followed through the services. */
export const correlationHeader = 'x-tributary-correlation-id';

const known = new WeakMap<IncomingMessage, string>();
const uuid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/** Correlation id of a request: the header's when it is a UUID, else a new one; the same for the life of the request. */
export function correlationIdOf(request: IncomingMessage): string {
  const present = known.get(request);
  if (present !== undefined) return present;
  const header = request.headers[correlationHeader];
  const id = typeof header === 'string' && uuid.test(header) ? header : randomUUID();
  known.set(request, id);
  return id;
}
