import { Injectable } from '@nestjs/common';
import type { LeaseRequestClaims } from '@tributary/api-contracts';
import { Unauthenticated } from '@tributary/failures';
import { SqlPool } from '@tributary/persistence';
import { SharedRoundTrip } from '@tributary/token-lease';
import { connectionUnknown, situationOf, type LeaseSituation, type LeaseSituationRow } from './lease-situation.ts';
import { entering, situations } from './lease-statements.ts';
import { ReplayGuard } from './replay-guard.ts';

type Known = LeaseSituationRow & { readonly known: boolean };
type Entered = Known & { readonly fresh: boolean };

/** What is noted of a request. */
export type Use = Pick<LeaseRequestClaims, 'jti' | 'iss' | 'connectionId' | 'purpose' | 'runId' | 'rejectedEpoch'>;

const roundTrips = { atOnce: 2, mostQuestions: 200 };

/** Every lease with who, what and when; its primary key makes a request single-use, in all processes. */
@Injectable()
export class LeaseLedger {
  readonly #guard = new ReplayGuard();
  readonly #together = new SharedRoundTrip<Use, Entered>((uses) => this.#enter(uses), roundTrips);
  readonly #again = new SharedRoundTrip<string, Known>((connectionIds) => this.#situations(connectionIds), roundTrips);

  constructor(private readonly pool: SqlPool) {}

  /**
   * Notes a request and reads what it is decided by, in one round trip that it shares with those asked at the same moment.
   * What is read is never older than the request: nothing is cached that a person could have ended meanwhile.
   * @throws Unauthenticated `LEASE_REPLAYED`; NotFound `CONNECTION_NOT_FOUND`
   */
  async enter(use: Use): Promise<LeaseSituation> {
    if (!this.#guard.admit(use.jti)) throw replayed();
    const { fresh, known, ...row } = await this.#together.answerTo(use);
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

  async #enter(uses: readonly Use[]): Promise<readonly Entered[]> {
    const column = <T>(of: (use: Use) => T): T[] => uses.map(of);
    const { rows } = await this.pool.query<Entered>({
      name: 'lease-enter',
      text: entering,
      values: [column(({ jti }) => jti), column(({ iss }) => iss), column(({ connectionId }) => connectionId), column(({ purpose }) => purpose), column(({ runId }) => runId ?? null), column(({ rejectedEpoch }) => rejectedEpoch ?? null)],
    });
    return rows;
  }

  async #situations(connectionIds: readonly string[]): Promise<readonly Known[]> {
    const { rows } = await this.pool.query<Known>({ name: 'lease-situations', text: situations, values: [connectionIds] });
    return rows;
  }
}

function replayed(): Unauthenticated {
  return new Unauthenticated('LEASE_REPLAYED', 'This lease request was used already.');
}
