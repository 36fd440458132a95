import type { Day } from './dates.ts';

/** From this instant on (milliseconds since 1970) local time is UTC plus the offset. */
export interface ZoneOffset {
  readonly fromMs: number;
  readonly offsetSeconds: number;
}

/** A time zone as a table, so that every engine buckets by the same rule and none uses its own zone data. */
export interface Zone {
  readonly name: string;
  /** Oldest first; the first one holds for all time before. */
  readonly offsets: readonly ZoneOffset[];
}

const firstYear = 1999;
const lastYear = 2041;
const known = new Map<string, Zone>();

/** The zone by IANA name; undefined when the name is unknown. */
export function zoneOf(name: string): Zone | undefined {
  const present = known.get(name);
  if (present !== undefined) return present;
  if (!isZone(name)) return undefined;
  const zone = { name, offsets: offsetsOf(name) };
  known.set(name, zone);
  return zone;
}

export const utcZone: Zone = { name: 'UTC', offsets: [{ fromMs: Date.UTC(firstYear, 0, 1), offsetSeconds: 0 }] };

/** The local day of an instant. */
export function localDay(instant: Date, zone: Zone): Day {
  return new Date(instant.getTime() + offsetAt(instant.getTime(), zone) * 1_000).toISOString().slice(0, 10);
}

/** The instant at which the local day begins; where midnight is skipped, the first instant after the gap. */
export function startOfDay(day: Day, zone: Zone): Date {
  const midnightMs = Date.parse(`${day}T00:00:00Z`);
  const candidates = [...new Set(zone.offsets.map(({ offsetSeconds }) => midnightMs - offsetSeconds * 1_000))].sort((left, right) => left - right);
  const exact = candidates.find((instant) => instant + offsetAt(instant, zone) * 1_000 === midnightMs);
  if (exact !== undefined) return new Date(exact);
  const gap = zone.offsets.find(({ fromMs, offsetSeconds }) => Math.abs(fromMs - midnightMs) <= 26 * 3_600_000 && fromMs + offsetSeconds * 1_000 > midnightMs);
  return new Date(gap?.fromMs ?? midnightMs);
}

function offsetAt(instantMs: number, zone: Zone): number {
  return (zone.offsets.findLast(({ fromMs }) => fromMs <= instantMs) ?? zone.offsets[0])?.offsetSeconds ?? 0;
}

function isZone(name: string): boolean {
  try {
    return new Intl.DateTimeFormat('en-US', { timeZone: name }).resolvedOptions().timeZone.length > 0;
  } catch {
    return false;
  }
}

/** Two changes within one month (Ramadan in Morocco) lie further apart than this. */
const stepMs = 10 * 86_400_000;

function offsetsOf(name: string): readonly ZoneOffset[] {
  const read = offsetReader(name);
  const startMs = Date.UTC(firstYear, 0, 1);
  const offsets: ZoneOffset[] = [{ fromMs: startMs, offsetSeconds: read(startMs) }];
  let before = read(startMs);
  for (let untilMs = startMs + stepMs; untilMs < Date.UTC(lastYear, 0, 1); untilMs += stepMs) {
    const after = read(untilMs);
    if (after !== before) offsets.push({ fromMs: changeBetween(untilMs - stepMs, untilMs, before, read), offsetSeconds: after });
    before = after;
  }
  return offsets;
}

/** The first minute at which the offset is no longer the one before. */
function changeBetween(fromMs: number, untilMs: number, before: number, read: (instantMs: number) => number): number {
  let [low, high] = [fromMs, untilMs];
  while (high - low > 60_000) {
    const middle = Math.floor((low + high) / 120_000) * 60_000;
    if (read(middle) === before) low = middle;
    else high = middle;
  }
  return high;
}

function offsetReader(name: string): (instantMs: number) => number {
  const format = new Intl.DateTimeFormat('en-US', { timeZone: name, timeZoneName: 'longOffset' });
  return (instantMs) => {
    const match = /GMT([+-])(\d{2}):(\d{2})(?::(\d{2}))?/.exec(format.format(instantMs));
    if (match === null) return 0;
    const [, sign, hours, minutes, seconds = '0'] = match;
    return (sign === '-' ? -1 : 1) * (Number(hours) * 3_600 + Number(minutes) * 60 + Number(seconds));
  };
}
