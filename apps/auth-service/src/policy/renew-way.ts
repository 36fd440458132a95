import { Injectable } from '@nestjs/common';
import { ConsentRequired, Unavailable } from '@tributary/failures';
import { RefreshGrant } from '../grant/refresh-grant.ts';
import { RenewJwtGrant } from '../jwt-grant/renew-jwt-grant.ts';
import type { WayKind } from './choose-way.ts';

/** Gets a way in past an epoch, each in its own manner. */
@Injectable()
export class RenewWay {
  constructor(
    private readonly refreshGrant: RefreshGrant,
    private readonly renewJwt: RenewJwtGrant,
  ) {}

  /**
   * Ends when the way has another token, or is gone; look again then.
   * @param reason `rejected` when Salesforce refused the epoch, `too-old` when a caller or the kill switch does
   * @throws ConsentRequired, Conflict, Unavailable: this way gives no token at the moment
   */
  async execute(kind: WayKind, connectionId: string, epoch: number, reason: 'rejected' | 'too-old'): Promise<void> {
    if (kind === 'user') return this.refreshGrant.execute(connectionId, epoch, reason);
    const renewal = await this.renewJwt.execute(connectionId, epoch, reason === 'rejected');
    if (renewal.kind === 'later') throw new Unavailable('ASSERTION_NOT_YET', 'Salesforce gives no new access by assertion at the moment.', { retryAfterMs: Math.ceil(renewal.ms) });
  }
}

/** Whether a failure concerns one way only, so that the other may carry on. */
export function concernsOneWay(error: unknown): boolean {
  return error instanceof Unavailable || error instanceof ConsentRequired;
}
