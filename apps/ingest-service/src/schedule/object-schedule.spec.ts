import { SyncSettings } from '@tributary/api-contracts';
import { expect, it } from 'vitest';
import { dueTurns, objectTurns, runEverySeconds } from './object-schedule.ts';

const objects = ['Period', 'Opportunity', 'Account', 'Task'].map((name) => ({ name, label: name, fields: null }));
const at = (seconds: number): Date => new Date(seconds * 1_000);

it('reads setup seldom, keeps the order of value, and puts first and last what somebody chose', () => {
  const settings = SyncSettings.parse({ objects: [{ name: 'task', priority: 'first', intervalSeconds: 60 }, { name: 'Opportunity', priority: 'last' }, { name: 'Account', paused: true }] });
  expect(objectTurns(objects, settings, 300).map(({ name, intervalSeconds, paused }) => [name, intervalSeconds, paused])).toEqual([['Task', 60, false], ['Period', 3_600, false], ['Account', 300, true], ['Opportunity', 300, false]]);
  expect([runEverySeconds(settings, 300), runEverySeconds(SyncSettings.parse({ intervalSeconds: 900 }), 300)]).toEqual([60, 900]);
});

it('reads what is due, what never was read, and what falls due before the next run is half gone', () => {
  const turns = objectTurns(objects, SyncSettings.parse({ objects: [{ name: 'Task', intervalSeconds: 900 }] }), 300);
  const readAt = new Map([['Period', at(0)], ['Opportunity', at(5)], ['Task', at(0)]]);
  expect(dueTurns(turns, readAt, at(300), 300).map(({ name }) => name)).toEqual(['Opportunity', 'Account']);
  expect(dueTurns(turns, readAt, at(750), 300).map(({ name }) => name)).toEqual(['Opportunity', 'Account', 'Task']);
});
