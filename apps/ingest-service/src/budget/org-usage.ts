import type { ApiUsage } from '@tributary/salesforce-client';

/** Usage as an answer of Salesforce told it. */
export interface ToldUsage extends ApiUsage {
  /** How many calls of ours are surely among the used ones, in the count of `OrgUsage.made`. */
  readonly made: number;
}

/** Calls a process may make without asking again, and those it is making. */
export interface Reservation {
  readonly calls: number;
  /** When they count as made, unless it is renewed: milliseconds of the database's clock. */
  readonly untilMs: number;
}

/** What all processes together know of an org's API calls. */
export interface OrgUsage {
  /** Null before Salesforce told. */
  readonly told: ToldUsage | null;
  /** Calls of ours that ended, since the count began, and those that a lost process may have made. */
  readonly made: number;
  /** By holder. */
  readonly reserved: Readonly<Record<string, Reservation>>;
}

/** What a process did since it told last, and what it needs. */
export interface UsageReport {
  /** Calls of its reservation that ended. */
  readonly ended: number;
  /** Calls that were made without one. */
  readonly beside: number;
  readonly told: ToldUsage | undefined;
  /** Calls of its reservation that it does not make. */
  readonly back: number;
  /** Calls that wait for a reservation. */
  readonly wanted: number;
}

export interface ExchangeRules {
  /** Milliseconds of the database's clock. */
  readonly nowMs: number;
  readonly leaseMs: number;
  /** Calls that may be used of a limit. */
  readonly ceilingOf: (limit: number) => number;
}

export const unknownUsage: OrgUsage = { told: null, made: 0, reserved: {} };
/** Calls that are reserved at once where there is room for many more. */
const batch = 20;
/** Near the ceiling batches are a share of what is left, so that one process does not keep it from the others. */
const shareOfRoom = 10;

/** The newer of two: that which knows of more calls of ours. Where neither was asked for after the other, the higher usage was counted later, and the lower limit is the safe one. */
export function newerTold(known: ToldUsage | null | undefined, told: ToldUsage): ToldUsage {
  if (known === null || known === undefined || told.made > known.made) return told;
  return { used: Math.max(known.used, told.used), limit: Math.min(known.limit, told.limit), made: known.made };
}

/** Calls that are used for certain, might be, or are about to be: never fewer than Salesforce has counted of ours, whatever it told last. */
export function countedCalls({ told, made, reserved }: OrgUsage): number {
  return (told?.used ?? 0) + Math.max(0, made - (told?.made ?? 0)) + Object.values(reserved).reduce((sum, { calls }) => sum + calls, 0);
}

/**
 * Brings a report of one process into what is known, and reserves calls for it as long as there is room under the ceiling; without limit where Salesforce told none.
 * @returns how many calls were granted
 */
export function exchange(known: OrgUsage, holder: string, report: UsageReport, { nowMs, leaseMs, ceilingOf }: ExchangeRules): { readonly usage: OrgUsage; readonly granted: number } {
  const all = Object.entries(known.reserved);
  const over = all.filter(([of, { untilMs }]) => of !== holder && untilMs < nowMs);
  const own = known.reserved[holder];
  const ended = own === undefined ? 0 : Math.min(own.calls, report.ended);
  const kept = Math.max(0, (own?.calls ?? 0) - ended - report.back);
  const made = known.made + ended + report.beside + over.reduce((sum, [, { calls }]) => sum + calls, 0);
  const told = report.told === undefined ? known.told : newerTold(known.told, { ...report.told, made: Math.min(report.told.made, made) });
  const others = Object.fromEntries(all.filter(([of, { untilMs }]) => of !== holder && untilMs >= nowMs));
  const withOwn = (calls: number): OrgUsage => ({ told, made, reserved: calls === 0 ? others : { ...others, [holder]: { calls, untilMs: nowMs + leaseMs } } });
  const room = told === null ? Infinity : Math.max(0, ceilingOf(told.limit) - countedCalls(withOwn(kept)));
  const granted = report.wanted === 0 ? 0 : Math.min(room, Math.max(report.wanted, Math.min(batch, Math.floor(room / shareOfRoom))));
  return { usage: withOwn(kept + granted), granted };
}
