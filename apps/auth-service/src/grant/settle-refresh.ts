import { EntityManager } from '@mikro-orm/postgresql';
import { Inject, Injectable, Logger } from '@nestjs/common';
import type { ConnectionState } from '@tributary/api-contracts';
import { CLOCK, type Clock } from '@tributary/service-kit';
import { ConnectionChanges, type Change } from '../connection/connection-changes.ts';
import { needsAttention, type Trigger } from '../connection/connection-machine.ts';
import type { Connection } from '../connection/connection.entity.ts';
import { CarryOn } from '../policy/carry-on.ts';
import { OauthGrantTable } from './oauth-grant.entity.ts';
import { outOfPatience } from './patience.ts';
import { troubleOf, type RefreshOutcome, type Trouble } from './refresh-outcome.ts';
import { backOffMs, type RefreshSituation } from './refresh-policy.ts';

export type FailedOutcome = Exclude<RefreshOutcome, { readonly kind: 'refreshed' | 'busy' }>;

const heldCheckMs = 60 * 60_000;
const adminCheckMs = 60 * 60_000;

interface Settlement {
  readonly trigger: Trigger;
  /** Whether the intent is answered; only a lost answer leaves it open. */
  readonly answered: boolean;
  readonly checkInMs: number | null;
}

/** What each outcome does to the connection. Pure. */
export function settlementOf(outcome: FailedOutcome, failures: number, probing: boolean): Settlement {
  switch (outcome.kind) {
    case 'lost':
      return { trigger: 'refresh-lost', answered: false, checkInMs: backOffMs(failures) };
    case 'unavailable':
      // A question about an unknown outcome that reached nobody leaves it as unknown as before.
      return probing ? { trigger: 'refresh-lost', answered: false, checkInMs: backOffMs(failures) } : { trigger: 'refresh-unavailable', answered: true, checkInMs: Math.max(outcome.atLeastMs, backOffMs(failures)) };
    case 'held':
      return { trigger: 'held', answered: true, checkInMs: heldCheckMs };
    case 'rejected':
      return { trigger: 'grant-rejected', answered: true, checkInMs: null };
    case 'admin':
      return { trigger: 'admin-needed', answered: true, checkInMs: adminCheckMs };
    case 'quarantined':
      return { trigger: 'quarantined', answered: true, checkInMs: null };
    case 'application':
      return { trigger: 'refresh-abandoned', answered: true, checkInMs: null };
    default:
      return outcome satisfies never;
  }
}

/** Writes down how a refresh without tokens ended: grant, state, timeline and event in one transaction behind the epoch fence. */
@Injectable()
export class SettleRefresh {
  readonly #log = new Logger('refresh');

  constructor(
    private readonly em: EntityManager,
    private readonly changes: ConnectionChanges,
    private readonly carryOn: CarryOn,
    @Inject(CLOCK) private readonly now: Clock,
  ) {}

  /** Does nothing when the epoch has moved meanwhile: somebody else's answer counts. */
  async execute(situation: RefreshSituation, outcome: FailedOutcome, probing: boolean): Promise<void> {
    const { connectionId } = situation;
    if (outcome.kind === 'application') this.#log.error(`every connection of the app is concerned: ${outcome.trouble.text} (${outcome.trouble.cause})`);
    const settlement = settlementOf(outcome, situation.failures, probing);
    const state = await this.em.fork().transactional(async (em) => this.#settle(em, situation, outcome, settlement));
    if (state !== undefined) this.changes.announce(connectionId, state);
  }

  /** A refresh whose process is gone: its outcome is unknown. */
  async abandonedByOwner(situation: RefreshSituation): Promise<void> {
    await this.execute(situation, { kind: 'lost', trouble: troubleOf('refresh-uncertain') }, false);
  }

  async #settle(em: EntityManager, situation: RefreshSituation, outcome: FailedOutcome, { trigger, answered, checkInMs }: Settlement): Promise<ConnectionState | undefined> {
    const connection = await this.changes.hold(em, situation.connectionId);
    const patienceEnds = outOfPatience(connection, trigger, situation.now);
    if (patienceEnds !== undefined) return this.#write(em, situation, connection, { kind: 'admin', trouble: troubleOf(patienceEnds) }, { trigger: 'admin-needed', answered, checkInMs: adminCheckMs });
    return this.#write(em, situation, connection, outcome, { trigger, answered, checkInMs });
  }

  async #write(em: EntityManager, situation: RefreshSituation, connection: Connection, outcome: FailedOutcome, { trigger, answered, checkInMs }: Settlement): Promise<ConnectionState | undefined> {
    const dead = trigger === 'grant-rejected';
    const touched = await em.nativeUpdate(OauthGrantTable, { id: situation.grantId, epoch: situation.epoch, state: 'live' }, {
      leaseUntil: answered ? null : situation.now,
      ...(answered ? { leaseOwner: null, intentEpoch: null, intentAt: null, intentRtHash: null } : {}),
      ...(trigger === 'refresh-lost' ? { uncertainAt: situation.now } : {}),
      ...(dead ? { state: 'dead', endedAt: this.now(), endedBecause: outcome.trouble.cause } : {}),
    });
    if (touched === 0) return undefined;
    const mayCarry = outcome.kind === 'rejected' || outcome.kind === 'held' || outcome.kind === 'admin';
    if (mayCarry && (await this.carryOn.execute(em, connection, outcome.trouble, checkInMs === null ? null : new Date(situation.now.getTime() + checkInMs)))) return connection.state;
    connection.failures = trigger === 'refresh-abandoned' ? 0 : connection.failures + 1;
    await this.changes.apply(em, connection, this.#possible(connection, trigger), changeOf(connection, outcome, trigger, checkInMs, situation.now));
    return connection.state;
  }

  /** An app-wide failure leaves a connection that was in trouble before where it was. */
  #possible(connection: Connection, trigger: Trigger): Trigger {
    if (trigger !== 'refresh-abandoned' || connection.state === 'refreshing' || connection.state === 'paused') return trigger;
    return 'refresh-started';
  }
}

function changeOf(connection: Connection, { trouble, ...outcome }: { readonly trouble: Trouble; readonly evidence?: string }, trigger: Trigger, checkInMs: number | null, now: Date): Change {
  const nextCheckAt = checkInMs === null ? null : new Date(now.getTime() + checkInMs);
  // What waited for its next look before the app was refused goes on waiting for one.
  if (trigger === 'refresh-abandoned') return { nextCheckAt: needsAttention(connection.state) ? new Date(now.getTime() + heldCheckMs) : null };
  // The tenth try in a row that ends the same way is no news for the timeline.
  const told = connection.attentionCause === trouble.cause ? {} : { told: { kind: 'state-changed', text: outcome.evidence === undefined ? trouble.text : `${trouble.text} ${outcome.evidence}`, cause: trouble.cause } };
  return { nextCheckAt, attention: trouble, ...told };
}
