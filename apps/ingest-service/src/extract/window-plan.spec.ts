import { expect, it } from 'vitest';
import { planWindow, settledAfter } from './window-plan.ts';

const serverNow = new Date('2026-11-25T12:00:00.400Z');

it('reads everything up to and with the present second at first', () => {
  expect(planWindow({ cursorField: null, settledUntil: null }, 'SystemModstamp', serverNow)).toEqual({ from: null, until: new Date('2026-11-25T12:00:01.000Z') });
});

it('starts fifteen minutes before what is settled', () => {
  const bookmark = { cursorField: 'SystemModstamp', settledUntil: new Date('2026-11-25T11:40:00.000Z') };
  expect(planWindow(bookmark, 'SystemModstamp', serverNow).from).toEqual(new Date('2026-11-25T11:25:00.000Z'));
});

it('reads everything again when the cursor field is another one or a column is new', () => {
  const bookmark = { cursorField: 'SystemModstamp', settledUntil: new Date('2026-11-25T11:40:00.000Z') };
  expect(planWindow(bookmark, 'LastModifiedDate', serverNow).from).toBeNull();
  expect(planWindow(bookmark, 'SystemModstamp', serverNow, true).from).toBeNull();
  expect(planWindow(bookmark, undefined, serverNow)).toEqual({ from: null, until: null });
});

it('calls settled only what is ten minutes behind Salesforce, and never moves back', () => {
  const window = { from: null, until: serverNow };
  expect(settledAfter(window, serverNow, null)).toEqual(new Date('2026-11-25T11:50:00.400Z'));
  expect(settledAfter(window, serverNow, new Date('2026-11-25T11:59:00.000Z'))).toEqual(new Date('2026-11-25T11:59:00.000Z'));
});
