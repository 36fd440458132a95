import { Injectable, Logger } from '@nestjs/common';
import { Unavailable } from '@tributary/failures';
import { SqlPool } from '@tributary/persistence';

/**
 * Why nobody refreshes: Salesforce refuses the `app` itself; a `mass` of grants was refused at once; the database was brought back by a
 * `restore` and may hold tokens that were replaced since.
 */
export type StopKind = 'app' | 'mass' | 'restore';

export interface RefreshStop {
  readonly kind: StopKind;
  readonly cause: string;
  readonly text: string;
  readonly since: Date;
  /** Null until somebody lifts it. */
  readonly until: Date | null;
  /** By the database's clock, which dates it. */
  readonly leftMs: number | null;
}

const askAgainMs = 60_000;
/** After an operator has looked at a mass refusal, what is refused now is meant. */
const liftedForMs = 60 * 60_000;

/** Stops of refreshing that hold for all processes of the installation. */
@Injectable()
export class RefreshStops {
  readonly #log = new Logger('refresh');

  constructor(private readonly pool: SqlPool) {}

  async present(): Promise<readonly RefreshStop[]> {
    const { rows } = await this.pool.query<RefreshStop>(`select kind, cause, text, since, until, (extract(epoch from until - now()) * 1000)::float8 as "leftMs"
         from refresh_stop where lifted_at is null and (until is null or until > now()) order by since`);
    return rows;
  }

  /** @throws Unavailable with the cause as code while refreshing is stopped */
  async requireNone(): Promise<void> {
    const [stop] = await this.present();
    if (stop !== undefined) throw failureOf(stop);
  }

  /**
   * Stops refreshing in all processes and raises the alarm once.
   * @param forMs milliseconds until it is tried again; null until it is lifted
   * @returns the failure for who asked
   */
  async raise(kind: StopKind, { cause, text }: { readonly cause: string; readonly text: string }, forMs: number | null): Promise<Unavailable> {
    const { rowCount } = await this.pool.query(
      `insert into refresh_stop as stop (kind, cause, text, until) values ($1, $2, $3, now() + make_interval(secs => $4::float8 / 1000))
       on conflict (kind) do update set cause = excluded.cause, text = excluded.text, since = now(), until = excluded.until, lifted_at = null
         where stop.lifted_at is not null or stop.until < now()`, [kind, cause, text, forMs]);
    if (rowCount === 1) this.#log.error(`ALARM: nobody refreshes any more (${cause}): ${text}`);
    return failureOf({ cause, text, leftMs: forMs });
  }

  /** @returns whether there was such a stop */
  async lift(kind: StopKind): Promise<boolean> {
    const { rowCount } = await this.pool.query('update refresh_stop set lifted_at = now() where kind = $1 and lifted_at is null and (until is null or until > now())', [kind]);
    if (rowCount === 1) this.#log.warn(`refreshing goes on: the stop "${kind}" was lifted`);
    return rowCount === 1;
  }

  /** Whether somebody lifted such a stop within the last hour: what led to it was looked at. */
  async wasLiftedLately(kind: StopKind): Promise<boolean> {
    const { rowCount } = await this.pool.query('select from refresh_stop where kind = $1 and lifted_at > now() - make_interval(secs => $2::float8 / 1000)', [kind, liftedForMs]);
    return rowCount === 1;
  }
}

function failureOf({ cause, text, leftMs }: Pick<RefreshStop, 'cause' | 'text' | 'leftMs'>): Unavailable {
  const retryAfterMs = leftMs === null ? askAgainMs : Math.max(1_000, leftMs);
  return new Unavailable(cause.toUpperCase().replaceAll('-', '_'), text, { retryAfterMs, details: { cause }, action: 'The operator of this installation must look at it.' });
}
