import { Injectable } from '@nestjs/common';
import type { LeaseRequestClaims } from '@tributary/api-contracts';
import { Unauthenticated } from '@tributary/failures';
import { SqlPool } from '@tributary/persistence';
import { connectionUnknown, situationOf, type LeaseSituation, type LeaseSituationRow } from './lease-situation.ts';
import { ReplayGuard } from './replay-guard.ts';
import { SharedRoundTrip } from './shared-round-trip.ts';

type Known = LeaseSituationRow & { readonly known: boolean };
type Entered = Known & { readonly fresh: boolean };

/** Every lease with who, what and when; its primary key makes a request single-use, in all processes. */
@Injectable()
export class LeaseLedger {
  readonly #guard = new ReplayGuard();
  readonly #together = new SharedRoundTrip<LeaseRequestClaims, Entered>((requests) => this.#enter(requests));
  readonly #again = new SharedRoundTrip<string, Known>((connectionIds) => this.#situations(connectionIds));

  constructor(private readonly pool: SqlPool) {}

  /**
   * Notes a request and reads what it is decided by, in one round trip that it shares with those asked at the same moment.
   * What is read is never older than the request: nothing is cached that a person could have ended meanwhile.
   * @throws Unauthenticated `LEASE_REPLAYED`; NotFound `CONNECTION_NOT_FOUND`
   */
  async enter(request: LeaseRequestClaims): Promise<LeaseSituation> {
    if (!this.#guard.admit(request.jti)) throw replayed();
    const { fresh, known, ...row } = await this.#together.answerTo(request);
    if (!fresh) throw replayed();
    if (!known) throw connectionUnknown();
    return situationOf(row);
  }

  /** Reads it again, after something was done about it: all who waited for that share a round trip. @throws NotFound `CONNECTION_NOT_FOUND` */
  async situationOf(connectionId: string): Promise<LeaseSituation> {
    const { known, ...row } = await this.#again.answerTo(connectionId);
    if (!known) throw connectionUnknown();
    return situationOf(row);
  }

  /** Requests live 30 seconds and their ids are kept for 30 days, as the record of who used what. */
  async forgetOld(): Promise<void> {
    await this.pool.query("delete from lease where asked_at < now() - interval '30 days'");
  }

  async #enter(requests: readonly LeaseRequestClaims[]): Promise<readonly Entered[]> {
    const column = <T>(of: (request: LeaseRequestClaims) => T): T[] => requests.map(of);
    const { rows } = await this.pool.query<Entered>({
      name: 'lease-enter',
      text: enter,
      values: [column(({ jti }) => jti), column(({ iss }) => iss), column(({ connectionId }) => connectionId), column(({ purpose }) => purpose), column(({ runId }) => runId ?? null), column(({ rejectedEpoch }) => rejectedEpoch ?? null)],
    });
    return rows;
  }

  async #situations(connectionIds: readonly string[]): Promise<readonly Known[]> {
    const { rows } = await this.pool.query<Known>({ name: 'lease-situations', text: situations, values: [connectionIds] });
    return rows;
  }
}

const situation = `c.state, c.policy, c.attention_cause as "attentionCause", c.attention_text as "attentionText", c.instance_url as "instanceUrl",
  u.id as "userGrantId", u.epoch as "userEpoch", u.flow as "userFlow", u.issued_at as "userIssuedAt", u.refreshed_at as "userStoredAt",
  j.id as "jwtGrantId", j.epoch as "jwtEpoch", j.flow as "jwtFlow", j.issued_at as "jwtIssuedAt", j.refreshed_at as "jwtStoredAt", coalesce(j.lease_owner is null and j.lease_until > now(), false) as "jwtPaused",
  (select not_issued_before from installation) as "floor", (extract(epoch from c.next_check_at - now()) * 1000)::float8 as "nextCheckInMs"`;

const liveGrants = `left join oauth_grant u on u.connection_id = c.id and u.kind = 'user' and u.state = 'live'
  left join oauth_grant j on j.connection_id = c.id and j.kind = 'jwt' and j.state = 'live'`;

const situations = `select c.id is not null as known, ${situation} from unnest($1::uuid[]) with ordinality as a (connection_id, position)
  left join connection c on c.id = a.connection_id ${liveGrants} order by a.position`;

/** The epoch that is lent when nothing is amiss: the way that goes first by policy and purpose. */
const epochLent = `case when c.policy = 'jwt' then j.epoch when c.policy = 'user' then u.epoch when a.purpose = 'background' then coalesce(j.epoch, u.epoch) else coalesce(u.epoch, j.epoch) end as epoch`;

/**
 * One row per request, in their order. The key of `lease` is checked before this answers, in whichever process a request was used before;
 * only the flush to disk is not waited for (see ADR 13).
 */
const enter = `with asked as (
    select * from unnest($1::uuid[], $2::text[], $3::uuid[], $4::text[], $5::uuid[], $6::integer[]) with ordinality as a (jti, asker, connection_id, purpose, run_id, rejected_epoch, position)),
  found as (select a.*, c.id is not null as known, ${epochLent}, ${situation} from asked a left join connection c on c.id = a.connection_id ${liveGrants}),
  entered as (
    insert into lease (jti, asker, connection_id, purpose, run_id, rejected_epoch, epoch)
      select jti, asker, connection_id, purpose, run_id, rejected_epoch, epoch from found on conflict (jti) do nothing returning jti),
  unflushed as materialized (select set_config('synchronous_commit', 'off', true) as set)
  select f.*, f.jti in (select jti from entered) as fresh
    from found f, unflushed where unflushed.set = 'off' order by f.position`;

function replayed(): Unauthenticated {
  return new Unauthenticated('LEASE_REPLAYED', 'This lease request was used already.');
}
