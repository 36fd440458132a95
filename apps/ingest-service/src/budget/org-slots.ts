import { setTimeout as sleep } from 'node:timers/promises';
import { Unavailable } from '@tributary/failures';
import type { CallPass } from '@tributary/salesforce-client';
import type { Sql } from '../sql.ts';
import { slotsOwed } from './slot-share.ts';
import { giveSlots, takeSlots, waitForSlots, waitNoMore, type SlotHolder, type SlotLane } from './slots.store.ts';

/** Milliseconds after which a slot of a silent process is free, by the database's clock. */
export const slotLeaseMs = 15_000;
/** By this process's clock a slot ends so much earlier, time enough to break off its call before others may have it. */
const marginMs = 3_000;
/** Slots that were not used for so long are given back. */
const idleMs = 3_000;
/** Taken beside the one that is needed: a run reads three objects at once. */
const spareSlots = 2;
const askAgainMs = 150;

interface Slot {
  readonly term: string;
  /** By `performance.now()`. */
  endsAtMs: number;
  freeSinceMs: number;
  /** Ends the call it is used for. */
  use: AbortController | undefined;
}

/** Slots of one lane that this process holds, and its calls that wait for one, served in the order of their coming. */
export class OrgSlots {
  readonly #slots = new Map<string, Slot>();
  readonly #waiting: PromiseWithResolvers<CallPass>[] = [];
  #asking = false;
  /** Slots that others are to have as soon as their calls end. */
  #owed = 0;

  constructor(
    readonly lane: SlotLane,
    private readonly sql: Sql,
    private readonly holder: SlotHolder,
  ) {}

  get terms(): string[] {
    return [...this.#slots.keys()];
  }

  /** Waits for a slot; where this process holds a free one, the database is not asked. @throws what the database throws; nobody waits for one that is away */
  async enter(): Promise<CallPass> {
    const entry = Promise.withResolvers<CallPass>();
    this.#waiting.push(entry);
    this.#serve();
    if (this.#waiting.length > 0 && !this.#asking) void this.#ask();
    return entry.promise;
  }

  /** Slots that hold from then on. @param askedAtMs when the database was asked */
  kept(terms: ReadonlySet<string>, asked: readonly string[], askedAtMs: number): void {
    for (const term of asked) {
      const slot = this.#slots.get(term);
      if (slot === undefined) continue;
      if (terms.has(term)) slot.endsAtMs = askedAtMs + slotLeaseMs - marginMs;
      else this.#lose(slot);
    }
  }

  /** A call does not go on in a slot that could not be renewed in time: soon it is somebody else's. */
  dropEnded(now: number): void {
    for (const slot of this.#slots.values()) if (slot.endsAtMs <= now) this.#lose(slot);
  }

  /** @param others slots of each process that waits for one of this lane. @returns terms that are not used and are to be given back */
  idle(others: readonly number[], now: number): string[] {
    this.#owed = slotsOwed(this.#slots.size, others);
    const idle = [...this.#slots.values()].filter((slot) => slot.use === undefined && (others.length > 0 || now - slot.freeSinceMs > idleMs));
    for (const { term } of idle) this.#slots.delete(term);
    this.#owed = Math.max(0, this.#owed - idle.length);
    return idle.map(({ term }) => term);
  }

  /** Nobody is let in any more. */
  refuse(reason: Error): void {
    for (const entry of this.#waiting.splice(0)) entry.reject(reason);
  }

  #serve(): void {
    const now = performance.now();
    for (const slot of this.#slots.values()) {
      if (this.#waiting.length === 0) return;
      if (slot.use === undefined && slot.endsAtMs > now) this.#waiting.shift()?.resolve(this.#pass(slot));
    }
  }

  #pass(slot: Slot): CallPass {
    const use = new AbortController();
    slot.use = use;
    return {
      ended: use.signal,
      leave: () => {
        if (slot.use !== use) return;
        slot.use = undefined;
        slot.freeSinceMs = performance.now();
        this.#left(slot);
      },
    };
  }

  #left(slot: Slot): void {
    if (!this.#slots.has(slot.term)) return;
    if (this.#owed === 0) return this.#serve();
    this.#owed -= 1;
    this.#slots.delete(slot.term);
    // One that cannot be given back ends by itself.
    giveSlots(this.sql, [slot.term]).catch(() => undefined);
    if (this.#waiting.length > 0 && !this.#asking) void this.#ask();
  }

  #lose(slot: Slot): void {
    this.#slots.delete(slot.term);
    slot.use?.abort(new Unavailable('CALL_SLOT_LOST', 'A call to Salesforce was broken off, because nobody could be told in time that it still goes on.'));
  }

  /** Takes slots until every call has one. */
  async #ask(): Promise<void> {
    this.#asking = true;
    let saidAtMs: number | undefined;
    try {
      while (this.#waiting.length > 0) {
        const taken = await this.#take();
        this.#serve();
        if (this.#waiting.length === 0) break;
        if (saidAtMs === undefined || taken > 0 || performance.now() - saidAtMs > slotLeaseMs / 3) {
          saidAtMs = performance.now();
          await waitForSlots(this.sql, this.lane, this.holder, { leaseMs: slotLeaseMs, anew: taken > 0 });
        }
        await sleep(askAgainMs * (0.5 + Math.random()));
      }
    } catch (error) {
      this.refuse(error instanceof Error ? error : new Error(String(error)));
    } finally {
      this.#asking = false;
    }
    if (saidAtMs !== undefined) await waitNoMore(this.sql, this.lane, this.holder).catch(() => undefined);
  }

  async #take(): Promise<number> {
    const askedAtMs = performance.now();
    const terms = await takeSlots(this.sql, this.lane, this.holder, { holds: this.#slots.size, wanted: this.#waiting.length, spare: spareSlots, leaseMs: slotLeaseMs });
    for (const term of terms) this.#slots.set(term, { term, endsAtMs: askedAtMs + slotLeaseMs - marginMs, freeSinceMs: performance.now(), use: undefined });
    return terms.length;
  }
}
