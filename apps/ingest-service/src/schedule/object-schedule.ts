import type { SyncSettings } from '@tributary/api-contracts';
import type { ChosenObject } from '../selection/selection.ts';

/** Objects of the org's setup: they change on a few days of a year. */
const setupObjects: ReadonlySet<string> = new Set(['Organization', 'OpportunityStage', 'Period', 'CurrencyType', 'DatedConversionRate', 'UserRole', 'RecordType', 'BusinessHours', 'FiscalYearSettings']);
const setupFactor = 12;

/** When one object is read. */
export interface ObjectTurn {
  readonly name: string;
  readonly label: string;
  readonly fields: readonly string[] | null;
  readonly intervalSeconds: number;
  readonly priority: 'first' | 'normal' | 'last';
  readonly paused: boolean;
}

/** Schedule of a connection's objects in the order in which they are read: by priority, then by value. */
export function objectTurns(objects: readonly ChosenObject[], settings: SyncSettings, defaultIntervalSeconds: number): ObjectTurn[] {
  const base = settings.intervalSeconds ?? defaultIntervalSeconds;
  const own = new Map(settings.objects.map((object) => [object.name.toLowerCase(), object]));
  const turns = objects.map(({ name, label, fields }): ObjectTurn => {
    const given = own.get(name.toLowerCase());
    return { name, label, fields, intervalSeconds: given?.intervalSeconds ?? (setupObjects.has(name) ? base * setupFactor : base), priority: given?.priority ?? 'normal', paused: given?.paused ?? false };
  });
  return turns.toSorted((a, b) => rank(a) - rank(b));
}

function rank({ priority }: ObjectTurn): number {
  return priority === 'first' ? 0 : priority === 'normal' ? 1 : 2;
}

/** Seconds between two runs: as often as the most frequent object wants. */
export function runEverySeconds({ intervalSeconds, objects }: SyncSettings, defaultIntervalSeconds: number): number {
  const own = objects.filter(({ paused }) => !paused).flatMap((object) => (object.intervalSeconds === null ? [] : [object.intervalSeconds]));
  return Math.min(intervalSeconds ?? defaultIntervalSeconds, ...own);
}

/**
 * Objects whose time has come. An object that is due before half of the next interval has gone is taken along rather than read late.
 * @param readAt when each was last read; one that never was is due
 */
export function dueTurns(turns: readonly ObjectTurn[], readAt: ReadonlyMap<string, Date>, now: Date, everySeconds: number): ObjectTurn[] {
  const graceMs = (everySeconds * 1_000) / 2;
  return turns.filter(({ name, intervalSeconds, paused }) => {
    if (paused) return false;
    const last = readAt.get(name);
    return last === undefined || now.getTime() - last.getTime() >= intervalSeconds * 1_000 - graceMs;
  });
}
