import type { SyncSettings, SyncSettingsView } from '@tributary/api-contracts';
import { describe, expect, it } from 'vitest';
import { equalSettings, inheritedSeconds, intervalChoices, intervalText, scheduleOf, withSchedule } from './settings-draft.ts';

const settings: SyncSettings = { intervalSeconds: null, totalShare: 0.8, runShare: 0.25, newFields: 'copy', objects: [{ name: 'Lead', intervalSeconds: 900, priority: 'first', paused: false }] };

function aView(kept: SyncSettings): SyncSettingsView {
  const object = { priority: 'normal' as const, paused: false, lastReadAt: null };
  return {
    settings: kept, defaultIntervalSeconds: 300, newFields: [],
    forecast: { runsPerDay: 288, callsPerRun: 10, callsPerDay: 2_880, limit: null, ceiling: null, usedByOthers: null, fits: true },
    objects: [{ ...object, name: 'Account', label: 'Account', intervalSeconds: 300 }, { ...object, name: 'Period', label: 'Period', intervalSeconds: 3_600 }, { ...object, name: 'Lead', label: 'Lead', intervalSeconds: 900 }],
  };
}

describe('a draft of the schedule', () => {
  it('reads an object as the connection, unless something else was said', () => {
    expect(scheduleOf(settings, 'Account')).toEqual({ name: 'Account', intervalSeconds: null, priority: 'normal', paused: false });
    expect(scheduleOf(settings, 'Lead').intervalSeconds).toBe(900);
  });

  it('writes down what is unusual alone', () => {
    const paused = withSchedule(settings, 'Account', { paused: true });
    expect(paused.objects.map(({ name }) => name)).toEqual(['Lead', 'Account']);
    expect(withSchedule(paused, 'Account', { paused: false })).toEqual(settings);
    expect(withSchedule(withSchedule(settings, 'Lead', { intervalSeconds: null }), 'Lead', { priority: 'normal' }).objects).toEqual([]);
  });

  it('is no change when the same is said in another order', () => {
    const both = withSchedule(settings, 'Account', { paused: true });
    expect(equalSettings(both, { ...both, objects: both.objects.toReversed() })).toBe(true);
    expect(equalSettings(both, settings)).toBe(false);
  });

  it('tells how often an object is read that follows the connection, the setup at a multiple', () => {
    const view = aView(settings);
    expect([inheritedSeconds(view, settings, 'Account'), inheritedSeconds(view, settings, 'Period'), inheritedSeconds(view, settings, 'Lead')]).toEqual([300, 3_600, 300]);
    expect(inheritedSeconds(view, { ...settings, intervalSeconds: 600 }, 'Period')).toBe(7_200);
  });

  it('offers an interval that is none of the usual ones as long as it is at hand', () => {
    expect(intervalChoices(15)[0]).toBe(15);
    expect(intervalChoices(300)).toHaveLength(10);
    expect(intervalChoices(null)).toHaveLength(10);
  });

  it.each([[90, '90 seconds'], [900, '15 minutes'], [3_600, '1 hour'], [604_800, '7 days']])('says %d seconds as %s', (seconds, text) => {
    expect(intervalText(seconds, 'en')).toBe(text);
  });
});
