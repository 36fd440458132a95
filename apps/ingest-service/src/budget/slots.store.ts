import type { Sql } from '../sql.ts';
import type { SlotKind } from './call-kind.ts';

/** Slots of one org for one kind of work. */
export interface SlotLane {
  readonly org: string;
  readonly kind: SlotKind;
  /** How many there are, for all processes together. */
  readonly width: number;
}

/** Who holds slots. */
export interface SlotHolder {
  readonly id: string;
  /** Process that has no other holder; what an earlier holder of its name left is free at once. Null where slots outlive their process. */
  readonly process: string | null;
}

/** How many slots are taken. */
export interface SlotsWanted {
  /** Held by the same holder already. */
  readonly holds: number;
  readonly wanted: number;
  /** More that are taken when nobody waits. */
  readonly spare: number;
  readonly leaseMs: number;
}

const isFree = (slot: string): string => `(${slot}.until < now() or (${slot}.process = $4 and ${slot}.holder <> $3))`;
const heldBy = (waiting: string): string => `(select count(*) from call_slot c where c.org = ${waiting}.org and c.kind = ${waiting}.kind and c.holder = ${waiting}.holder and c.until > now())`;

/**
 * Takes free slots. Each is a row with a key of its own, so that no two holders ever have the same one; those who wait and hold fewer, or came earlier, go first.
 * @returns terms, each naming one taking of one slot; fewer than wanted, or none, when others hold the rest
 */
export async function takeSlots(sql: Sql, { org, kind, width }: SlotLane, { id, process }: SlotHolder, { holds, wanted, spare, leaseMs }: SlotsWanted): Promise<string[]> {
  const { rows } = await sql.query<{ term: string }>(
    `with waiting as (select w.since, ${heldBy('w')} as holds from call_slot_wait w where w.org = $1 and w.kind = $2 and w.holder <> $3 and w.until > now()),
          free as (select s.slot from generate_series(1, $5::int) s(slot) left join call_slot c on c.org = $1 and c.kind = $2 and c.slot = s.slot where c.slot is null or ${isFree('c')}),
          ahead as (select count(*) as count from waiting where holds < $6 or (holds = $6 and since < coalesce((select since from call_slot_wait where org = $1 and kind = $2 and holder = $3), 'infinity')))
     insert into call_slot as held (org, kind, slot, holder, process, until) select $1, $2, slot, $3, $4, now() + $9 * interval '1 ms' from free order by slot
      limit greatest(0, least((select count(*) from free) - (select count from ahead), $7::int + case when exists (select 1 from waiting) then 0 else $8::int end))
     on conflict (org, kind, slot) do update set holder = excluded.holder, process = excluded.process, until = excluded.until, term = excluded.term where ${isFree('held')}
     returning term`, [org, kind, id, process, width, holds, wanted, spare, leaseMs]);
  return rows.map(({ term }) => term);
}

/** @returns terms that still hold, and from now on as long as when they were taken */
export async function keepSlots(sql: Sql, terms: readonly string[], leaseMs: number): Promise<ReadonlySet<string>> {
  const { rows } = await sql.query<{ term: string }>(`update call_slot set until = now() + $2 * interval '1 ms' where term = any($1) returning term`, [terms, leaseMs]);
  return new Set(rows.map(({ term }) => term));
}

/** Slots that a holder has already. @returns their terms, which hold from now on as long as when they were taken */
export async function keepSlotsOf(sql: Sql, { org, kind }: Pick<SlotLane, 'org' | 'kind'>, { id }: SlotHolder, leaseMs: number): Promise<string[]> {
  const { rows } = await sql.query<{ term: string }>(`update call_slot set until = now() + $4 * interval '1 ms' where org = $1 and kind = $2 and holder = $3 returning term`, [org, kind, id, leaseMs]);
  return rows.map(({ term }) => term);
}

export async function giveSlots(sql: Sql, terms: readonly string[]): Promise<void> {
  await sql.query('delete from call_slot where term = any($1)', [terms]);
}

/**
 * Says that a holder needs more slots than it could take, which lasts as long as a lease unless it is said again.
 * @param anew it has got one since it began to wait: it goes behind those who wait already
 */
export async function waitForSlots(sql: Sql, { org, kind }: Pick<SlotLane, 'org' | 'kind'>, { id }: SlotHolder, { leaseMs, anew }: { readonly leaseMs: number; readonly anew: boolean }): Promise<void> {
  await sql.query(
    `insert into call_slot_wait as w (org, kind, holder, until) values ($1, $2, $3, now() + $4 * interval '1 ms')
     on conflict (org, kind, holder) do update set until = excluded.until, since = case when $5 then now() else w.since end`, [org, kind, id, leaseMs, anew]);
}

export async function waitNoMore(sql: Sql, { org, kind }: Pick<SlotLane, 'org' | 'kind'>, { id }: SlotHolder): Promise<void> {
  await sql.query('delete from call_slot_wait where org = $1 and kind = $2 and holder = $3', [org, kind, id]);
}

/** Others that wait for slots where a holder has some. */
export interface OtherWaiting {
  readonly org: string;
  readonly kind: SlotKind;
  readonly holds: number;
}

export async function othersWaiting(sql: Sql, { id }: SlotHolder): Promise<OtherWaiting[]> {
  const { rows } = await sql.query<OtherWaiting & { readonly [column: string]: unknown }>(
    `select w.org, w.kind, ${heldBy('w')}::int as holds from call_slot_wait w
      where w.holder <> $1 and w.until > now() and exists (select 1 from call_slot c where c.org = w.org and c.kind = w.kind and c.holder = $1)`, [id]);
  return rows;
}

/** Removes what processes that were killed left. */
export async function sweepSlots(sql: Sql): Promise<void> {
  await sql.query(`delete from call_slot where until < now() - interval '1 hour'`);
  await sql.query(`delete from call_slot_wait where until < now() - interval '1 hour'`);
}
