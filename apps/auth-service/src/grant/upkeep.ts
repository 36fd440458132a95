import { Injectable, Logger } from '@nestjs/common';
import { SqlPool } from '@tributary/persistence';
import { ClockSteps } from './clock-steps.ts';
import { RefreshGrant } from './refresh-grant.ts';
import { RefreshLease } from './refresh-lease.ts';
import { RefreshStops } from './refresh-stops.ts';
import { SettleRefresh } from './settle-refresh.ts';

interface Due {
  readonly connectionId: string;
  readonly epoch: number;
}

const atOnce = 10;

/** Looks after grants nobody asks for at the moment: rechecks, refreshes whose process died, and keep-alive. */
@Injectable()
export class Upkeep {
  readonly #log = new Logger('upkeep');

  #hasLooked = false;

  constructor(
    private readonly pool: SqlPool,
    private readonly refreshGrant: RefreshGrant,
    private readonly lease: RefreshLease,
    private readonly settle: SettleRefresh,
    private readonly stops: RefreshStops,
    private readonly clockSteps: ClockSteps,
  ) {}

  /** One round; what is left waits for the next. */
  async execute(): Promise<void> {
    await this.#heedClock();
    for (const { connectionId } of await this.#due(orphaned)) await this.#guard(connectionId, async () => this.settle.abandonedByOwner(await this.lease.situationOf(connectionId)));
    if ((await this.stops.present()).length > 0) return;
    const due = [...(await this.#due(recheck)), ...(await this.#due(keepAlive)), ...(await this.#due(endsSoon))];
    await Promise.all(due.map(({ connectionId, epoch }) => this.#guard(connectionId, () => this.refreshGrant.execute(connectionId, epoch, 'due'))));
  }

  /** What was dated by a clock that ran ahead would be waited for until the right one has come so far. */
  async #heedClock(): Promise<void> {
    const { rows: [row] } = await this.pool.query<{ now: Date }>('select clock_timestamp() as now');
    if (row !== undefined) this.clockSteps.note(row.now);
    if (this.#hasLooked && this.clockSteps.isSettled) return;
    for (const statement of noFuture) await this.pool.query(statement);
    this.#hasLooked = true;
  }

  async #due(query: string): Promise<readonly Due[]> {
    return (await this.pool.query<Due>(query, [atOnce])).rows;
  }

  async #guard(connectionId: string, work: () => Promise<void>): Promise<void> {
    try {
      await work();
    } catch (error) {
      this.#log.warn(`connection ${connectionId}: ${error instanceof Error ? error.message : 'upkeep failed'}`);
    }
  }
}

/** No lease lasts a minute, no place longer, no pause two hours, and nothing was renewed in the future. */
const noFuture = [
  "update oauth_grant set lease_until = now() where state = 'live' and kind = 'user' and lease_until > now() + interval '1 minute'",
  "update oauth_grant set lease_until = now() where state = 'live' and kind = 'jwt' and lease_until > now() + interval '2 hours'",
  "update oauth_grant set intent_at = now() where state = 'live' and intent_at > now() + interval '1 minute'",
  "update oauth_grant set refreshed_at = now() where state = 'live' and refreshed_at > now() + interval '1 minute'",
  "update refresh_slot set until = now() where until > now() + interval '1 minute'",
  "update connection set next_check_at = now() where next_check_at > now() + interval '2 hours'",
];

/** The process that had sent, or was about to send, is gone. */
const orphaned = `select c.id as "connectionId", g.epoch from oauth_grant g join connection c on c.id = g.connection_id
  where g.state = 'live' and g.intent_epoch = g.epoch and g.lease_until < now() and c.state = 'refreshing' limit $1`;

/** Troubles that end by themselves. An unknown outcome is asked about when a token is needed, or after an hour. */
const recheck = `select c.id as "connectionId", g.epoch from connection c join oauth_grant g on g.connection_id = c.id and g.state = 'live' and g.kind = 'user'
  where c.next_check_at <= now() and c.policy <> 'jwt' and (c.state in ('degraded', 'held', 'needs_admin') or (c.state = 'refresh_uncertain' and coalesce(g.intent_at < now() - interval '1 hour', true)))
    and (g.lease_until is null or g.lease_until < now())
  order by c.next_check_at limit $1`;

/** Salesforce ends what is idle for 30 days; seven days, less up to one by the connection, keeps far from it and spreads the herd. */
const keepAlive = `select c.id as "connectionId", g.epoch from oauth_grant g join connection c on c.id = g.connection_id
  where g.state = 'live' and g.kind = 'user' and g.ended_at is null and c.state in ('active', 'paused') and g.refreshed_at < now() - interval '6 days'
    and g.refreshed_at < now() - interval '7 days' + make_interval(secs => (hashtext(g.id::text) & 65535) * 86400.0 / 65536)
    and (g.lease_until is null or g.lease_until < now())
  order by g.refreshed_at limit $1`;

/**
 * Without rotation a refresh costs nothing, so it comes before the access ends: at three quarters of the shortest life seen, a tenth earlier or
 * later by the connection. Where tokens rotate, each refresh is a risk, and only a refusal is a reason.
 */
const endsSoon = `select c.id as "connectionId", g.epoch from oauth_grant g join connection c on c.id = g.connection_id
  where g.state = 'live' and g.kind = 'user' and g.rotates = false and c.state = 'active' and g.shortest_life_ms is not null
    and g.refreshed_at < now() - make_interval(secs => g.shortest_life_ms / 1000.0 * 0.75 * (0.9 + 0.2 * (hashtext(g.connection_id::text) & 65535) / 65536))
    and (g.lease_until is null or g.lease_until < now())
  order by g.refreshed_at limit $1`;
