import type { Language } from '../app/language.ts';

/** Texts that only some pages need; loaded with the first of them, so that the first page stays small. */
export const sections = {
  access: { en: async () => (await import('./access.en.ts')).accessEn, de: async () => (await import('./access.de.ts')).accessDe },
  calls: { en: async () => (await import('./calls.en.ts')).callsEn, de: async () => (await import('./calls.de.ts')).callsDe },
  connect: { en: async () => (await import('./connect.en.ts')).connectEn, de: async () => (await import('./connect.de.ts')).connectDe },
  connection: { en: async () => (await import('./connection.en.ts')).connectionEn, de: async () => (await import('./connection.de.ts')).connectionDe },
  deletions: { en: async () => (await import('./deletions.en.ts')).deletionsEn, de: async () => (await import('./deletions.de.ts')).deletionsDe },
  failed: { en: async () => (await import('./failed.en.ts')).failedEn, de: async () => (await import('./failed.de.ts')).failedDe },
  metrics: { en: async () => (await import('./metrics.en.ts')).metricsEn, de: async () => (await import('./metrics.de.ts')).metricsDe },
  people: { en: async () => (await import('./people.en.ts')).peopleEn, de: async () => (await import('./people.de.ts')).peopleDe },
  schedule: { en: async () => (await import('./schedule.en.ts')).scheduleEn, de: async () => (await import('./schedule.de.ts')).scheduleDe },
  selection: { en: async () => (await import('./selection.en.ts')).selectionEn, de: async () => (await import('./selection.de.ts')).selectionDe },
  welcome: { en: async () => (await import('./welcome.en.ts')).welcomeEn, de: async () => (await import('./welcome.de.ts')).welcomeDe },
} as const satisfies Record<string, Record<Language, () => Promise<object>>>;

export type Section = keyof typeof sections;

/** Shape another language has. */
export type Texts<T> = { [K in keyof T]: T[K] extends string ? string : Texts<T[K]> };
