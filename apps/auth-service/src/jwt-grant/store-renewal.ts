import { EntityManager } from '@mikro-orm/postgresql';
import { Injectable, Logger } from '@nestjs/common';
import type { ConnectionState } from '@tributary/api-contracts';
import { TokenClient, type TokenSet } from '@tributary/salesforce-client';
import { ConnectionChanges } from '../connection/connection-changes.ts';
import { nextState } from '../connection/connection-machine.ts';
import { KeepJwtGrant } from './keep-jwt-grant.ts';
import type { JwtSituation } from './jwt-lease.ts';
import { jwtTrouble, type JwtTrouble } from './jwt-trouble.ts';
import type { Presented } from './present-assertion.ts';
import { Revive } from './revive.ts';
import { SettleJwt } from './settle-jwt.ts';

/** Makes what a renewal led to the connection's present state, in one transaction behind the epoch fence. */
@Injectable()
export class StoreRenewal {
  readonly #log = new Logger('jwt-grant');

  constructor(
    private readonly em: EntityManager,
    private readonly changes: ConnectionChanges,
    private readonly keep: KeepJwtGrant,
    private readonly revive: Revive,
    private readonly settle: SettleJwt,
    private readonly tokenClient: TokenClient,
  ) {}

  async execute(situation: JwtSituation, presented: Presented, rejected: boolean): Promise<void> {
    const foreign = presented.kind === 'given' && (presented.tokens.orgId !== situation.orgId || presented.tokens.userId !== situation.userId);
    if (foreign) this.#giveBack(presented.host, presented.tokens);
    const state = await this.em.fork().transactional(async (em): Promise<ConnectionState> => {
      const connection = await this.changes.hold(em, situation.connectionId);
      // Nothing is stored any more for a connection that was disconnected meanwhile.
      if (nextState(connection.state, 'disconnect') === undefined) return connection.state;
      const refuse = (trouble: JwtTrouble) => this.settle.execute(em, connection, situation, trouble);
      if (foreign) await refuse(jwtTrouble('identity-changed'));
      else if (presented.kind === 'refused') await refuse(withoutCertificate(presented) ? jwtTrouble('certificate-expired') : presented.trouble);
      else if ((await this.keep.execute(em, connection, { tokens: presented.tokens, host: presented.host, ...(rejected ? { rejectedEpoch: situation.epoch } : {}) })) === 'rejected') await refuse(jwtTrouble('session-policy'));
      else await this.revive.execute(em, connection, { kind: 'refreshed', text: 'A signed assertion gave a new access token.' });
      return connection.state;
    });
    this.changes.announce(situation.connectionId, state);
  }

  #giveBack(host: string, { accessToken }: TokenSet): void {
    this.tokenClient.revoke(host, accessToken).catch((error: unknown) => this.#log.warn(`access that is not ours could not be given back: ${error instanceof Error ? error.message : 'unknown'}`));
  }
}

/** The successor of an expired certificate waits to be taken to Salesforce: its refusal says no more than that the one there has ended. */
function withoutCertificate({ onlyNewKeys, trouble: { cause } }: Extract<Presented, { kind: 'refused' }>): boolean {
  return onlyNewKeys && (cause === 'no-signing-key' || cause === 'certificate-mismatch');
}
