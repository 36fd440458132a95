import { EntityManager, LockMode } from '@mikro-orm/postgresql';
import { Inject, Injectable, Logger } from '@nestjs/common';
import { ConnectionId, connectionErased } from '@tributary/event-contracts';
import { Outbox } from '@tributary/persistence';
import { CLOCK, type Clock } from '@tributary/service-kit';
import { AuditTrail } from '../audit/audit-trail.ts';
import { ConnectionChanges } from '../connection/connection-changes.ts';
import type { Connection } from '../connection/connection.entity.ts';
import { ClosureTable, type Closure } from './closure.entity.ts';
import { isErasing } from './erasing.ts';

/** Who holds something of a connection besides auth-service. */
export type Holder = 'ingest' | 'analytics';

const firstAskAgainMs = 2 * 60_000;
const longestAskAgainMs = 60 * 60_000;
const atOnce = 20;

const told = {
  ingest: { keep: 'The copied rows are frozen.', erase: 'The copied rows are erased.' },
  analytics: { keep: 'The analysis copy is closed.', erase: 'The analysis copy is erased.' },
} as const;

/** Asks the other services to freeze or erase what they hold, until each has confirmed that it did. */
@Injectable()
export class Closures {
  readonly #log = new Logger('closure');

  constructor(
    private readonly em: EntityManager,
    private readonly outbox: Outbox,
    private readonly changes: ConnectionChanges,
    private readonly audit: AuditTrail,
    @Inject(CLOCK) private readonly now: Clock,
  ) {}

  /** Asks, in the caller's transaction. An earlier closure of the same connection is forgotten. */
  async open(em: EntityManager, { id, workspaceId }: Connection, data: 'keep' | 'erase'): Promise<void> {
    const at = this.now();
    await em.upsert(ClosureTable, { connectionId: id, workspaceId, data, askedAt: at, askedAgain: 0, nextAskAt: new Date(at.getTime() + firstAskAgainMs), ingestAt: null, analyticsAt: null });
    await this.#ask(em, id, data);
  }

  /** Notes what a holder has done. One that answers an earlier wish is not counted for the present one. */
  async acknowledge(em: EntityManager, connectionId: string, holder: Holder, data: 'keep' | 'erase'): Promise<void> {
    const closure = await em.findOne(ClosureTable, { connectionId }, { lockMode: LockMode.PESSIMISTIC_WRITE, refresh: true });
    const before = closure?.[`${holder}At`] ?? null;
    if (closure === null || closure.data !== data || before !== null) return;
    closure[`${holder}At`] = this.now();
    if (isAnswered(closure)) closure.nextAskAt = null;
    await em.flush();
    const connection = await this.changes.hold(em, connectionId);
    if (!isEnded(connection)) return;
    await this.audit.add(em, connection, { kind: data === 'erase' ? 'copy-erased' : 'copy-frozen', text: told[holder][data] });
    await this.complete(em, connection);
  }

  /** A held connection that was given up for erasure is purged once nothing is left at Salesforce and both holders have confirmed. */
  async complete(em: EntityManager, connection: Connection): Promise<void> {
    if (!isErasing(connection)) return;
    const closure = await em.findOne(ClosureTable, { connectionId: connection.id });
    if (closure === null || closure.data !== 'erase' || !isAnswered(closure)) return;
    await em.execute('delete from salesforce_call where connection_id = ?', [connection.id]);
    await this.changes.apply(em, connection, 'erased', { told: { kind: 'erased', text: 'Everything that was copied is erased.' } });
  }

  /** Asks those again who have not confirmed for a while. */
  async askAgain(): Promise<void> {
    const due = await this.em.fork().find(ClosureTable, { nextAskAt: { $lte: this.now() } }, { orderBy: { nextAskAt: 'asc' }, limit: atOnce });
    for (const { connectionId } of due) await this.em.fork().transactional(async (em) => this.#askAgain(em, connectionId));
  }

  async #askAgain(em: EntityManager, connectionId: string): Promise<void> {
    const connection = await this.changes.hold(em, connectionId);
    const closure = await em.findOne(ClosureTable, { connectionId, nextAskAt: { $lte: this.now() } }, { lockMode: LockMode.PESSIMISTIC_WRITE, refresh: true });
    if (closure === null) return;
    // Connected again meanwhile: asking now would freeze a living copy.
    closure.nextAskAt = isEnded(connection) ? new Date(this.now().getTime() + Math.min(longestAskAgainMs, firstAskAgainMs * 2 ** (closure.askedAgain + 1))) : null;
    closure.askedAgain += 1;
    await em.flush();
    if (closure.nextAskAt === null) return;
    const missing = [closure.ingestAt === null ? 'the copied rows' : '', closure.analyticsAt === null ? 'the analysis copy' : ''].filter((name) => name !== '').join(' and ');
    this.#log.warn(`connection ${connectionId}: ${missing} not confirmed yet, asking again`);
    if (closure.askedAgain === 1) await this.audit.add(em, connection, { kind: 'closure-late', text: `Waiting for confirmation that ${missing} ${closure.data === 'erase' ? 'were erased' : 'were frozen'}; asked again.` });
    await this.#ask(em, connectionId, closure.data);
  }

  async #ask(em: EntityManager, connectionId: string, data: 'keep' | 'erase'): Promise<void> {
    await this.outbox.add(em, connectionErased.create({ connectionId: ConnectionId.parse(connectionId), data }, { now: this.now() }));
  }
}

function isAnswered({ ingestAt, analyticsAt }: Closure): boolean {
  return (ingestAt ?? null) !== null && (analyticsAt ?? null) !== null;
}

function isEnded({ state }: Connection): boolean {
  return state === 'disconnecting' || state === 'disconnected';
}
