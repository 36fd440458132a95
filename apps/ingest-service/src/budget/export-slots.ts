import { setTimeout as sleep } from 'node:timers/promises';
import { Injectable, Logger, type OnApplicationBootstrap, type OnApplicationShutdown } from '@nestjs/common';
import { SqlPool } from '@tributary/persistence';
import type { Sql } from '../sql.ts';
import { slotWidths } from './call-kind.ts';
import { giveSlots, keepSlots, keepSlotsOf, takeSlots, waitForSlots, waitNoMore, type SlotHolder } from './slots.store.ts';

/** Milliseconds for which the slot of an export is held after its process was last heard of: until then another one has taken its run over, or the export has ended. */
export const exportLeaseMs = 120_000;
const renewEveryMs = 20_000;
const askAgainMs = 400;
const sayAgainMs = exportLeaseMs / 3;

/** The exports of one window: the one that is read, and the one that is made ahead. */
export interface ExportOwner {
  readonly org: string;
  readonly connectionId: string;
  /** Key of the window. */
  readonly object: string;
}

/**
 * Slots for exports that Salesforce is making, of which an org takes only a few at a time, shared by all processes. They outlive their process, as the exports do:
 * whoever goes on with a window has its slots.
 */
@Injectable()
export class ExportSlots implements OnApplicationBootstrap, OnApplicationShutdown {
  readonly #log = new Logger('export-slots');
  readonly #terms = new Map<string, string[]>();
  #timer: NodeJS.Timeout | undefined;

  constructor(private readonly pool: SqlPool) {}

  onApplicationBootstrap(): void {
    this.#timer = setInterval(() => void this.renew(), renewEveryMs).unref();
  }

  onApplicationShutdown(): void {
    clearInterval(this.#timer);
  }

  /** Waits until a window holds slots for so many exports. @param onWait called when it has to wait. @throws the reason of the signal */
  async hold(owner: ExportOwner, count: number, signal: AbortSignal, onWait: () => void): Promise<void> {
    let saidAtMs = -Infinity;
    try {
      while (!(await this.tryHold(owner, count))) {
        if (saidAtMs === -Infinity) onWait();
        if (performance.now() - saidAtMs > sayAgainMs) {
          await waitForSlots(this.pool, laneOf(owner), holderOf(owner), { leaseMs: exportLeaseMs, anew: false });
          saidAtMs = performance.now();
        }
        await sleep(askAgainMs * (0.5 + Math.random()), undefined, { signal });
      }
    } finally {
      if (saidAtMs !== -Infinity) await waitNoMore(this.pool, laneOf(owner), holderOf(owner)).catch(() => undefined);
    }
  }

  /** @param isAhead whether everybody who waits goes first. @returns whether a window holds slots for so many exports now */
  async tryHold(owner: ExportOwner, count: number, isAhead = false): Promise<boolean> {
    const terms = this.#terms.get(keyOf(owner)) ?? [];
    if (terms.length < count) {
      terms.push(...(await takeSlots(this.pool, { ...laneOf(owner), width: slotWidths.export }, holderOf(owner), { holds: isAhead ? slotWidths.export : terms.length, wanted: count - terms.length, spare: 0, leaseMs: exportLeaseMs })));
      this.#terms.set(keyOf(owner), terms);
    }
    return terms.length >= count;
  }

  /** Exports of an org that Salesforce is making, as far as is known. */
  async atWork(org: string): Promise<number> {
    const { rows: [row] } = await this.pool.query<{ count: number }>(`select count(*)::int as count from call_slot where org = $1 and kind = 'export' and until > now()`, [org]);
    return row?.count ?? 0;
  }

  /** Goes on with exports that are being made: has the slots of the process that began them, or as many as are free. */
  async goOn(owner: ExportOwner, count: number): Promise<void> {
    const terms = this.#terms.get(keyOf(owner)) ?? [];
    if (terms.length >= count) return;
    this.#terms.set(keyOf(owner), await keepSlotsOf(this.pool, laneOf(owner), holderOf(owner), exportLeaseMs));
    await this.tryHold(owner, count);
  }

  /** Gives back the slots of a window beyond those of so many exports: the others have ended. */
  async keep(owner: ExportOwner, count: number): Promise<void> {
    const terms = this.#terms.get(keyOf(owner)) ?? [];
    const over = terms.splice(count);
    if (over.length > 0) await giveSlots(this.pool, over);
  }

  /** This process works on the window no more. Exports that are still being made keep their slots for a while. */
  leave(owner: ExportOwner): void {
    this.#terms.delete(keyOf(owner));
  }

  /** Says that the exports go on. */
  async renew(): Promise<void> {
    const all = [...this.#terms.values()].flat();
    if (all.length === 0) return;
    try {
      const kept = await keepSlots(this.pool, all, exportLeaseMs);
      for (const terms of this.#terms.values()) terms.splice(0, terms.length, ...terms.filter((term) => kept.has(term) || !all.includes(term)));
    } catch (error) {
      this.#log.warn(`slots of exports could not be renewed: ${String(error)}`);
    }
  }
}

/** Nothing names a connection or its objects any more. Exports that Salesforce may still be making keep their slots, as nobody's, until their lease ends. */
export async function forgetSlotsOf(sql: Sql, connectionId: string): Promise<void> {
  await sql.query(`update call_slot set holder = 'erased' where kind = 'export' and starts_with(holder, $1 || ' ')`, [connectionId]);
  await sql.query(`delete from call_slot_wait where kind = 'export' and starts_with(holder, $1 || ' ')`, [connectionId]);
}

const laneOf = ({ org }: ExportOwner): { org: string; kind: 'export' } => ({ org, kind: 'export' });
const keyOf = ({ connectionId, object }: ExportOwner): string => `${connectionId} ${object}`;
const holderOf = (owner: ExportOwner): SlotHolder => ({ id: keyOf(owner), process: null });
