import { NoRespondersError, TimeoutError, RequestError, type NatsConnection } from '@nats-io/transport-node';
import type { RequestDefinition } from '@tributary/api-contracts';
import { Defect, Unavailable } from '@tributary/failures';
import { decodeReply } from './reply-codec.ts';

/** Asks other services questions over NATS request/reply. */
export class RequestClient {
  constructor(private readonly connection: NatsConnection) {}

  /**
   * @returns the peer's reply, checked against the contract
   * @throws the peer's Failure; Unavailable `BUS_UNAVAILABLE` when nobody answers in time
   */
  async ask<Request, Reply>(definition: RequestDefinition<Request, Reply>, request: Request): Promise<Reply> {
    const bytes = await this.#send(definition, JSON.stringify(definition.request.parse(request)));
    const reply = definition.reply.safeParse(decodeReply(bytes));
    if (!reply.success) throw new Defect('REPLY_INVALID', `The answer to ${definition.subject} breaks its contract.`, { cause: reply.error });
    return reply.data;
  }

  async #send({ subject, timeoutMs, service }: { subject: string; timeoutMs: number; service: string }, payload: string): Promise<Uint8Array> {
    try {
      return (await this.connection.request(subject, payload, { timeout: timeoutMs })).data;
    } catch (cause) {
      if (cause instanceof NoRespondersError || cause instanceof TimeoutError || cause instanceof RequestError) {
        throw new Unavailable('BUS_UNAVAILABLE', `${service}-service does not answer at the moment.`, { cause, retryAfterMs: 2_000, action: 'Try again in a moment.' });
      }
      throw new Unavailable('BUS_UNAVAILABLE', 'The services cannot reach each other at the moment.', { cause, retryAfterMs: 2_000, action: 'Try again in a moment.' });
    }
  }
}
