import { expect, it } from 'vitest';
import { accessDe } from './access.de.ts';
import { accessEn } from './access.en.ts';
import { callsDe } from './calls.de.ts';
import { callsEn } from './calls.en.ts';
import { connectDe } from './connect.de.ts';
import { connectEn } from './connect.en.ts';
import { connectionDe } from './connection.de.ts';
import { connectionEn } from './connection.en.ts';
import { de } from './de.ts';
import { deletionsDe } from './deletions.de.ts';
import { deletionsEn } from './deletions.en.ts';
import { en } from './en.ts';
import { failedDe } from './failed.de.ts';
import { failedEn } from './failed.en.ts';
import { metricsDe } from './metrics.de.ts';
import { metricsEn } from './metrics.en.ts';
import { peopleDe } from './people.de.ts';
import { peopleEn } from './people.en.ts';
import { scheduleDe } from './schedule.de.ts';
import { scheduleEn } from './schedule.en.ts';
import { selectionDe } from './selection.de.ts';
import { selectionEn } from './selection.en.ts';
import { welcomeDe } from './welcome.de.ts';
import { welcomeEn } from './welcome.en.ts';

const english = { ...en, access: accessEn, calls: callsEn, connect: connectEn, connection: connectionEn, deletions: deletionsEn, failed: failedEn, metrics: metricsEn, people: peopleEn, schedule: scheduleEn, selection: selectionEn, welcome: welcomeEn };
const german = { ...de, access: accessDe, calls: callsDe, connect: connectDe, connection: connectionDe, deletions: deletionsDe, failed: failedDe, metrics: metricsDe, people: peopleDe, schedule: scheduleDe, selection: selectionDe, welcome: welcomeDe };

/** Every text by its path. */
function textsOf(messages: object, path = ''): [string, string][] {
  return Object.entries(messages).flatMap(([key, value]: [string, unknown]): [string, string][] => {
    if (typeof value === 'string') return [[`${path}${key}`, value]];
    return typeof value === 'object' && value !== null ? textsOf(value, `${path}${key}.`) : [];
  });
}

const placeholders = (text: string): string[] => [...new Set(text.match(/\{\w+\}/g) ?? [])].toSorted();

it('has every text in both languages, with the same places to fill in', () => {
  const translated = new Map(textsOf(german));
  expect([...translated.keys()].toSorted()).toEqual(textsOf(english).map(([key]) => key).toSorted());
  for (const [key, text] of textsOf(english)) expect(placeholders(translated.get(key) ?? ''), key).toEqual(placeholders(text));
});

it('has as many plural forms in German as in English', () => {
  const translated = new Map(textsOf(german));
  for (const [key, text] of textsOf(english)) expect(translated.get(key)?.split(' | ').length, key).toBe(text.split(' | ').length);
});

it('contains nothing that the formatter would take for a reference', () => {
  for (const [key, text] of [...textsOf(english), ...textsOf(german)]) expect(text, key).not.toMatch(/@/);
});
