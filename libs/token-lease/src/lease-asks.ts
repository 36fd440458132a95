import { randomUUID } from 'node:crypto';
import { mostLeasesTogether, type LentToken } from '@tributary/api-contracts';
import type { AskerKeys } from './asker-keys.ts';
import { openLeaseReply, openLeasesReply } from './lease-reply.ts';
import { signLeaseRequest, type LeaseAsk } from './lease-request.ts';
import { SharedRoundTrip } from './shared-round-trip.ts';

/** How the asking side reaches auth-service, and by which keys and clock. */
export interface AskingSide {
  /** Sends a signed request. @returns the encrypted reply */
  readonly send: (request: string) => Promise<string>;
  readonly keys: AskerKeys;
  readonly now: () => Date;
}

/**
 * Asks auth-service for access tokens. Tokens wanted at the same moment share one signed request and one encrypted reply; what cannot be lent at once
 * is then asked for alone, so that nobody waits for another's refresh and each failure is its own.
 */
export class LeaseAsks {
  readonly #side: AskingSide;
  /** Each round trip carries what gathered while the ones before were under way. */
  readonly #together = new SharedRoundTrip<LeaseAsk, LentToken | undefined>((asks) => this.#several(asks), { atOnce: 3, mostQuestions: mostLeasesTogether });

  constructor(side: AskingSide) {
    this.#side = side;
  }

  /** @throws what auth-service says and what `send` throws; Defect `LEASE_REPLY_REFUSED` */
  async lease(ask: LeaseAsk): Promise<LentToken> {
    // To renew a token or to wait for one takes as long as it takes.
    const mayTakeLong = ask.rejectedEpoch !== undefined || ask.minEpoch !== undefined;
    return (mayTakeLong ? undefined : await this.#together.answerTo(ask)) ?? this.#alone(ask);
  }

  async #alone(ask: LeaseAsk): Promise<LentToken> {
    const { send, keys, now } = this.#side;
    const jti = randomUUID();
    return openLeaseReply(await send(signLeaseRequest(ask, jti, keys.sign, now())), { jti, connectionId: ask.connectionId }, keys, now());
  }

  async #several(asks: readonly LeaseAsk[]): Promise<readonly (LentToken | undefined)[]> {
    const { send, keys, now } = this.#side;
    const jti = randomUUID();
    const leases = asks.map(({ connectionId, purpose, runId }) => ({ jti: randomUUID(), connectionId, purpose, ...(runId === undefined ? {} : { runId }) }));
    const lent = openLeasesReply(await send(signLeaseRequest({ leases }, jti, keys.sign, now())), jti, leases, keys, now());
    return leases.map((question) => lent.get(question.jti));
  }
}
