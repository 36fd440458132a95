import { Injectable } from '@nestjs/common';
import type { LeaseRequestClaims } from '@tributary/api-contracts';
import { Unauthenticated } from '@tributary/failures';
import { SqlPool } from '@tributary/persistence';
import { connectionUnknown, type LeaseSituation } from './lease-situation.ts';

/** Every lease with who, what and when; its primary key makes a request single-use. */
@Injectable()
export class LeaseLedger {
  constructor(private readonly pool: SqlPool) {}

  /**
   * Notes a request and reads what it is decided by, in one round trip.
   * @throws Unauthenticated `LEASE_REPLAYED`; NotFound `CONNECTION_NOT_FOUND`
   */
  async enter({ jti, iss, connectionId, purpose, runId, rejectedEpoch }: LeaseRequestClaims): Promise<LeaseSituation> {
    const { rows } = await this.pool.query<LeaseSituation & { readonly fresh: boolean }>(
      `with entered as (
         insert into lease (jti, asker, connection_id, purpose, run_id, rejected_epoch, epoch)
         values ($1, $2, $3, $4, $5, $6, (select epoch from oauth_grant where connection_id = $3 and state = 'live' order by epoch desc limit 1))
         on conflict (jti) do nothing returning jti)
       select exists (select 1 from entered) as fresh, ${situation}`,
      [jti, iss, connectionId, purpose, runId ?? null, rejectedEpoch ?? null]);
    const [row] = rows;
    if (row === undefined) throw connectionUnknown();
    if (!row.fresh) throw new Unauthenticated('LEASE_REPLAYED', 'This lease request was used already.');
    return row;
  }

  /** @throws NotFound `CONNECTION_NOT_FOUND` */
  async situationOf(connectionId: string): Promise<LeaseSituation> {
    const { rows } = await this.pool.query<LeaseSituation>(`select ${situation.replace('$3', '$1')}`, [connectionId]);
    const [row] = rows;
    if (row === undefined) throw connectionUnknown();
    return row;
  }

  /** Requests live 30 seconds and their ids are kept for 30 days, as the record of who used what. */
  async forgetOld(): Promise<void> {
    await this.pool.query("delete from lease where asked_at < now() - interval '30 days'");
  }
}

const situation = `c.state, c.attention_cause as "attentionCause", c.attention_text as "attentionText", c.instance_url as "instanceUrl",
  g.id as "grantId", g.epoch, g.flow, g.issued_at as "issuedAt", (extract(epoch from c.next_check_at - now()) * 1000)::float8 as "nextCheckInMs"
  from connection c left join lateral (
    select id, epoch, flow, issued_at from oauth_grant where connection_id = c.id and state = 'live' order by epoch desc limit 1) g on true
  where c.id = $3`;
