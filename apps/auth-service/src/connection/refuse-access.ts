import type { EntityManager } from '@mikro-orm/postgresql';
import { Injectable } from '@nestjs/common';
import type { ConnectionState } from '@tributary/api-contracts';
import type { AccessRefusal, AccessRefused } from '@tributary/event-contracts';
import { troubleOf } from '../grant/refresh-outcome.ts';
import { ConnectionChanges } from './connection-changes.ts';
import { nextState, type Trigger } from './connection-machine.ts';
import { nextLook } from './next-look.store.ts';

/** Used-up calls of the day are no trouble of the access: ingest-service waits by itself, says until when, and reads at once when a person asks it to. */
type Trouble = Exclude<AccessRefusal, 'daily-quota'>;
const triggers: Readonly<Record<Trouble, Trigger>> = {
  'session-policy': 'admin-needed', 'app-policy': 'admin-needed', 'api-disabled': 'admin-needed', 'session-not-for-api': 'held', 'password-expired': 'grant-rejected',
};

/** What Salesforce refuses of data calls concerns the connection: its page says so, and who can mend it. */
@Injectable()
export class RefuseAccess {
  constructor(private readonly changes: ConnectionChanges) {}

  /** @returns the state of the connection when it changed; a token that came since may do better, and is asked first */
  async execute(em: EntityManager, { connectionId, epoch, cause }: AccessRefused['data']): Promise<ConnectionState | undefined> {
    if (cause === 'daily-quota') return undefined;
    const connection = await this.changes.holdKnown(em, connectionId);
    if (connection === undefined || !(await this.#isPresent(em, connectionId, epoch))) return undefined;
    const trigger = triggers[cause];
    if (nextState(connection.state, trigger) === undefined) return undefined;
    const trouble = troubleOf(cause);
    // Only a person ends an expired password; everything else may pass.
    await this.changes.apply(em, connection, trigger, { attention: trouble, told: { kind: 'state-changed', ...trouble }, nextCheckAt: cause === 'password-expired' ? null : await nextLook(em, connectionId, cause) });
    return connection.state;
  }

  /** Asked with the connection held: a refresh that commits meanwhile would be marked for the token before. */
  async #isPresent(em: EntityManager, connectionId: string, epoch: number): Promise<boolean> {
    const [row] = await em.execute<{ present: boolean }[]>("select coalesce(max(epoch) <= ?, false) as present from oauth_grant where connection_id = ? and state = 'live'", [epoch, connectionId]);
    return row?.present === true;
  }
}
