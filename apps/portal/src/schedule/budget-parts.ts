import type { ConnectionSync, SyncForecast } from '@tributary/api-contracts';

export type ApiUsage = NonNullable<ConnectionSync['apiUsage']>;

export interface BudgetParts {
  readonly own: number;
  readonly others: number;
  /** Calls Tributary may still make. */
  readonly room: number;
  /** Calls of the day that nobody has made and that Tributary leaves alone. */
  readonly reserve: number;
}

/** The org's calls of 24 hours, split without a rest. @param usedByOthers null while that cannot be told: then all count as those of others but none is claimed as own */
export function budgetParts({ used, limit, ceiling }: ApiUsage, usedByOthers: number | null): BudgetParts {
  const others = Math.min(used, usedByOthers ?? used);
  const top = Math.max(limit, used);
  const room = Math.max(0, Math.min(ceiling, top) - used);
  return { own: used - others, others, room, reserve: top - used - room };
}

/** Whether a schedule can be paid for. */
export type ForecastVerdict = { readonly kind: 'unknown' } | { readonly kind: 'fits' | 'tight' | 'refused'; readonly room: number; readonly left: number };

/** From this share of the room on, a day with more changes than usual would not do. */
const tightShare = 0.8;

export function verdictOn({ callsPerDay, ceiling, usedByOthers, fits }: SyncForecast): ForecastVerdict {
  if (ceiling === null || usedByOthers === null) return { kind: 'unknown' };
  const room = Math.max(0, ceiling - usedByOthers);
  const left = Math.max(0, room - callsPerDay);
  if (!fits) return { kind: 'refused', room, left };
  return { kind: callsPerDay > room * tightShare ? 'tight' : 'fits', room, left };
}
