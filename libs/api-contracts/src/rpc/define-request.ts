import { requestSubject, type BusService } from '@tributary/event-contracts';
import type { z } from 'zod';

/** A question one service asks another over NATS request/reply. */
export interface RequestDefinition<Request, Reply> {
  readonly service: BusService;
  /** `tributary.rpc.<service>.<name>` */
  readonly subject: string;
  readonly request: z.ZodType<Request>;
  readonly reply: z.ZodType<Reply>;
  /** Milliseconds a caller waits before `Unavailable`. */
  readonly timeoutMs: number;
}

/** Declares one request. */
export function defineRequest<Request, Reply>(
  service: BusService,
  name: string,
  request: z.ZodType<Request>,
  reply: z.ZodType<Reply>,
  { timeoutMs = 10_000 }: { timeoutMs?: number } = {},
): RequestDefinition<Request, Reply> {
  return { service, subject: requestSubject(service, name), request, reply, timeoutMs };
}
