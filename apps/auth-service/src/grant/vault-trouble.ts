import { EntityManager } from '@mikro-orm/postgresql';
import { Injectable, Logger } from '@nestjs/common';
import { ConnectionChanges } from '../connection/connection-changes.ts';
import { nextState } from '../connection/connection-machine.ts';
import { ConnectionTable } from '../connection/connection.entity.ts';
import { VaultUnreadable } from '../vault/vault.ts';
import { GrantTokens } from './grant-tokens.ts';
import { OauthGrantTable, type OauthGrant } from './oauth-grant.entity.ts';

const cause = 'vault-unreadable';
const text = 'The stored access cannot be read with the present master key. Nothing was lost or overwritten.';

/** Connections whose secrets cannot be read: they wait for the right master key and go on by themselves once it is there. */
@Injectable()
export class VaultTrouble {
  readonly #log = new Logger('vault');

  constructor(
    private readonly em: EntityManager,
    private readonly changes: ConnectionChanges,
    private readonly tokens: GrantTokens,
  ) {}

  /**
   * Looks again with the connection held: a token that was replaced between two reads of somebody else is no trouble.
   * @returns whether it is one, which is then shown; else what was read is to be read again
   */
  async report(connectionId: string): Promise<boolean> {
    const state = await this.em.fork().transactional(async (em) => {
      const connection = await this.changes.hold(em, connectionId);
      if (await this.#allReadable(em, connectionId)) return undefined;
      if (nextState(connection.state, 'vault-unreadable') === undefined) return connection.state;
      await this.changes.apply(em, connection, 'vault-unreadable', { attention: { cause, who: 'operator', text }, told: { kind: 'state-changed', text, cause } });
      return connection.state;
    });
    if (state === undefined) return false;
    this.#log.error(`the grant of connection ${connectionId} cannot be read: check TRIBUTARY_MASTER_KEY`);
    this.changes.announce(connectionId, state);
    return true;
  }

  /** Run at start: whatever can be read again goes on. */
  async recover(): Promise<void> {
    const waiting = await this.em.fork().find(ConnectionTable, { state: 'needs_admin', attentionCause: cause });
    for (const { id } of waiting) await this.#recover(id);
  }

  async #recover(connectionId: string): Promise<void> {
    const state = await this.em.fork().transactional(async (em) => {
      const connection = await this.changes.hold(em, connectionId);
      const grant = await em.findOne(OauthGrantTable, { connectionId, state: 'live' });
      if (grant === null || connection.attentionCause !== cause || !(await this.#readable(em, grant))) return undefined;
      await this.changes.apply(em, connection, 'recovered', { told: { kind: 'state-changed', text: 'The stored access can be read again.' } });
      return connection.state;
    });
    if (state !== undefined) this.changes.announce(connectionId, state);
  }

  async #allReadable(em: EntityManager, connectionId: string): Promise<boolean> {
    for (const grant of await em.find(OauthGrantTable, { connectionId, state: 'live' }, { refresh: true })) if (!(await this.#readable(em, grant))) return false;
    return true;
  }

  async #readable(em: EntityManager, grant: OauthGrant): Promise<boolean> {
    try {
      await this.tokens.accessToken(em, grant);
      if (grant.kind === 'user') await this.tokens.refreshToken(em, grant);
      return true;
    } catch (error) {
      if (error instanceof VaultUnreadable) return false;
      throw error;
    }
  }
}
