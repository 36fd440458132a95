import { describe, expect, it } from 'vitest';
import { localDay, startOfDay, utcZone, zoneOf } from './zone.ts';

function zone(name: string) {
  return zoneOf(name) ?? utcZone;
}

describe('zones as tables', () => {
  it('knows the days on which Berlin changes its clocks in 2026', () => {
    const changes = zone('Europe/Berlin').offsets.filter(({ fromMs }) => new Date(fromMs).getUTCFullYear() === 2026);
    expect(changes).toEqual([{ fromMs: Date.UTC(2026, 2, 29, 1), offsetSeconds: 7_200 }, { fromMs: Date.UTC(2026, 9, 25, 1), offsetSeconds: 3_600 }]);
  });

  it('gives the local day of an instant on both sides of the date line and of daylight saving', () => {
    expect(localDay(new Date('2026-03-28T22:59:59Z'), zone('Europe/Berlin'))).toBe('2026-03-28');
    expect(localDay(new Date('2026-03-28T23:00:00Z'), zone('Europe/Berlin'))).toBe('2026-03-29');
    expect(localDay(new Date('2026-03-29T22:00:00Z'), zone('Europe/Berlin'))).toBe('2026-03-30');
    expect(localDay(new Date('2026-01-01T10:00:00Z'), zone('Pacific/Auckland'))).toBe('2026-01-01');
    expect(localDay(new Date('2026-01-01T11:00:00Z'), zone('Pacific/Auckland'))).toBe('2026-01-02');
    expect(localDay(new Date('2026-01-01T04:59:00Z'), zone('America/New_York'))).toBe('2025-12-31');
    expect(localDay(new Date('2026-01-01T18:15:00Z'), zone('Asia/Kathmandu'))).toBe('2026-01-02');
  });

  it('begins a day at local midnight, and after the gap where midnight is skipped', () => {
    expect(startOfDay('2026-02-01', zone('Europe/Berlin')).toISOString()).toBe('2026-01-31T23:00:00.000Z');
    expect(startOfDay('2026-07-01', zone('Europe/Berlin')).toISOString()).toBe('2026-06-30T22:00:00.000Z');
    // Clocks in Cairo go from 2026-04-23 24:00 to 2026-04-24 01:00: the day begins at 22:00 UTC.
    expect(startOfDay('2026-04-24', zone('Africa/Cairo')).toISOString()).toBe('2026-04-23T22:00:00.000Z');
  });

  it('does not know invented names', () => {
    expect(zoneOf('Mars/Olympus')).toBeUndefined();
  });
});
