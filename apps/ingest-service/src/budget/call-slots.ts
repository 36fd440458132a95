import { randomUUID } from 'node:crypto';
import { Inject, Injectable, Logger, type BeforeApplicationShutdown, type OnApplicationBootstrap, type OnApplicationShutdown } from '@nestjs/common';
import { SqlPool } from '@tributary/persistence';
import type { CallPass } from '@tributary/salesforce-client';
import { CONFIG, type IngestConfig } from '../config.ts';
import { slotWidths, type CallLane } from './call-kind.ts';
import { OrgSlots, slotLeaseMs } from './org-slots.ts';
import { giveSlots, keepSlots, othersWaiting, sweepSlots, type SlotHolder } from './slots.store.ts';

const lookEveryMs = 1_000;
const renewEveryMs = 4_000;

/**
 * Slots for the calls an org takes only a few of at a time, shared by all processes: each is taken in the database for a while, and used for call after call.
 * One that cannot be renewed ends, with the call in it, before the database lets others have it: without a database fewer calls are made, never more.
 */
@Injectable()
export class CallSlots implements OnApplicationBootstrap, BeforeApplicationShutdown, OnApplicationShutdown {
  readonly #log = new Logger('call-slots');
  /** Of its own: a renewal must not wait until the work gives a connection back, which may itself wait for a slot. */
  readonly #sql: SqlPool;
  readonly #holder: SlotHolder;
  readonly #lanes = new Map<string, OrgSlots>();
  #timer: NodeJS.Timeout | undefined;
  #round: Promise<void> | undefined;
  #renewedAtMs = -Infinity;
  #stopped = false;

  constructor(@Inject(CONFIG) { databaseUrl, processName }: Pick<IngestConfig, 'databaseUrl' | 'processName'>) {
    this.#sql = SqlPool.forService({ schema: 'ingest', url: databaseUrl, poolMax: 2, idleTimeoutMs: 0 });
    const id = randomUUID();
    this.#holder = { id, process: processName ?? id };
  }

  async onApplicationBootstrap(): Promise<void> {
    await sweepSlots(this.#sql);
  }

  /** Waits until a call may be made. @throws what the database throws; an `AbortError` when this process ends */
  async enter(org: string, kind: CallLane): Promise<CallPass> {
    if (this.#stopped) throw ending();
    this.#timer ??= setInterval(() => this.#look(), lookEveryMs).unref();
    return this.#lane(org, kind).enter();
  }

  /** Those who wait are turned away: their runs go on in another process. */
  beforeApplicationShutdown(): void {
    this.#stopped = true;
    for (const lane of this.#lanes.values()) lane.refuse(ending());
  }

  async onApplicationShutdown(): Promise<void> {
    clearInterval(this.#timer);
    await this.#round;
    const terms = this.#terms();
    if (terms.length > 0) await giveSlots(this.#sql, terms).catch(() => undefined);
    await this.#sql.onApplicationShutdown();
  }

  #look(): void {
    const now = performance.now();
    for (const lane of this.#lanes.values()) lane.dropEnded(now);
    this.#round ??= this.#keep(now).catch((error: unknown) => this.#log.warn(`slots could not be renewed: ${String(error)}`)).finally(() => (this.#round = undefined));
  }

  /** Renews what is held, and gives back what is not needed or what others wait for. */
  async #keep(now: number): Promise<void> {
    const terms = this.#terms();
    if (terms.length === 0) return;
    if (now - this.#renewedAtMs >= renewEveryMs) {
      const kept = await keepSlots(this.#sql, terms, slotLeaseMs);
      this.#renewedAtMs = now;
      for (const lane of this.#lanes.values()) lane.kept(kept, terms, now);
    }
    const waiting = await othersWaiting(this.#sql, this.#holder);
    const idle = [...this.#lanes.values()].flatMap((lane) => lane.idle(waiting.filter(({ org, kind }) => org === lane.lane.org && kind === lane.lane.kind).map(({ holds }) => holds), performance.now()));
    if (idle.length > 0) await giveSlots(this.#sql, idle);
  }

  #terms(): string[] {
    return [...this.#lanes.values()].flatMap(({ terms }) => terms);
  }

  #lane(org: string, kind: CallLane): OrgSlots {
    const key = `${org} ${kind}`;
    const lane = this.#lanes.get(key) ?? new OrgSlots({ org, kind, width: slotWidths[kind] }, this.#sql, this.#holder);
    this.#lanes.set(key, lane);
    return lane;
  }
}

function ending(): Error {
  return new DOMException('This process ends.', 'AbortError');
}
