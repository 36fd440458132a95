import type { EntityManager } from '@mikro-orm/postgresql';
import { Injectable } from '@nestjs/common';
import type { ConnectionState } from '@tributary/api-contracts';
import type { AccessRefusal, AccessRefused } from '@tributary/event-contracts';
import { databaseNow } from '../database-clock.store.ts';
import { troubleOf } from '../grant/refresh-outcome.ts';
import { ConnectionChanges } from './connection-changes.ts';
import { nextState, type Trigger } from './connection-machine.ts';

const minuteMs = 60_000;
const hourMs = 60 * minuteMs;

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
    const [present] = await em.execute<{ concerned: boolean }[]>("select coalesce(max(epoch) <= ?, false) as concerned from oauth_grant where connection_id = ? and state = 'live'", [epoch, connectionId]);
    if (present?.concerned !== true) return undefined;
    const connection = await this.changes.hold(em, connectionId);
    const trigger = triggers[cause];
    if (nextState(connection.state, trigger) === undefined) return undefined;
    const trouble = troubleOf(cause);
    await this.changes.apply(em, connection, trigger, { attention: trouble, told: { kind: 'state-changed', ...trouble }, nextCheckAt: await this.#nextCheck(em, connectionId, cause) });
    return connection.state;
  }

  /** Only a person ends an expired password. Everything else is looked at again by itself: after a minute, for it may have passed, and each time of a day twice as late. */
  async #nextCheck(em: EntityManager, connectionId: string, cause: Trouble): Promise<Date | null> {
    if (cause === 'password-expired') return null;
    const waitMs = minuteMs * 2 ** await this.#timesToday(em, connectionId, cause);
    return new Date((await databaseNow(em)).getTime() + Math.min(hourMs, waitMs));
  }

  async #timesToday(em: EntityManager, connectionId: string, cause: Trouble): Promise<number> {
    const [row] = await em.execute<{ times: number }[]>("select count(*)::integer as times from audit_entry where connection_id = ? and kind = 'state-changed' and cause = ? and at > now() - interval '1 day'", [connectionId, cause]);
    return row?.times ?? 0;
  }
}
