import type { ObjectSchedule, SyncSettings, SyncSettingsView } from '@tributary/api-contracts';

export type ObjectPart = Partial<Pick<ObjectSchedule, 'intervalSeconds' | 'priority' | 'paused'>>;

/** How one object is read by these settings; as the connection unless something else was said. */
export function scheduleOf(settings: SyncSettings, name: string): ObjectSchedule {
  return settings.objects.find((object) => object.name === name) ?? { name, intervalSeconds: null, priority: 'normal', paused: false };
}

/** Changes how one object is read; what then equals the usual is not written down. */
export function withSchedule(settings: SyncSettings, name: string, part: ObjectPart): SyncSettings {
  const next = { ...scheduleOf(settings, name), ...part };
  const isUsual = next.intervalSeconds === null && next.priority === 'normal' && !next.paused;
  const others = settings.objects.filter((object) => object.name !== name);
  return { ...settings, objects: isUsual ? others : [...others, next] };
}

export function equalSettings(a: SyncSettings, b: SyncSettings): boolean {
  return canonical(a) === canonical(b);
}

function canonical({ objects, ...rest }: SyncSettings): string {
  return JSON.stringify([rest.intervalSeconds, rest.totalShare, rest.runShare, rest.newFields, objects.map(({ name, intervalSeconds, priority, paused }) => [name, intervalSeconds, priority, paused]).toSorted((x, y) => (String(x[0]) < String(y[0]) ? -1 : 1))]);
}

/**
 * Seconds between two readings of an object that follows the connection.
 * Objects of the setup follow it at a multiple, which the view of what is kept tells.
 */
export function inheritedSeconds(view: SyncSettingsView, settings: SyncSettings, name: string): number {
  const keptBase = view.settings.intervalSeconds ?? view.defaultIntervalSeconds;
  const base = settings.intervalSeconds ?? view.defaultIntervalSeconds;
  const kept = view.objects.find((object) => object.name === name);
  const factor = kept === undefined || scheduleOf(view.settings, name).intervalSeconds !== null ? 1 : kept.intervalSeconds / keptBase;
  return Math.round(base * factor);
}

/** Intervals one can choose, in seconds. */
const intervals: readonly number[] = [60, 300, 900, 1_800, 3_600, 10_800, 21_600, 43_200, 86_400, 604_800];

/** The usual intervals, and the one at hand when it is none of them. */
export function intervalChoices(current: number | null): readonly number[] {
  return current === null || intervals.includes(current) ? intervals : [...intervals, current].toSorted((a, b) => a - b);
}

/** An interval in the largest unit that says it without a rest. */
export function intervalUnit(seconds: number): readonly [number, 'day' | 'hour' | 'minute' | 'second'] {
  if (seconds % 86_400 === 0) return [seconds / 86_400, 'day'];
  if (seconds % 3_600 === 0) return [seconds / 3_600, 'hour'];
  return seconds % 60 === 0 ? [seconds / 60, 'minute'] : [seconds, 'second'];
}

/** @param locale BCP 47 tag */
export function intervalText(seconds: number, locale: string): string {
  const [count, unit] = intervalUnit(seconds);
  return new Intl.NumberFormat(locale, { style: 'unit', unit, unitDisplay: 'long' }).format(count);
}
