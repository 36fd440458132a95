import type { Language } from '../app/language.ts';

/** Texts that only some pages need; loaded with the first of them, so that the first page stays small. */
export const sections = {
  access: { en: async () => (await import('./access.en.ts')).accessEn, de: async () => (await import('./access.de.ts')).accessDe },
  people: { en: async () => (await import('./people.en.ts')).peopleEn, de: async () => (await import('./people.de.ts')).peopleDe },
} as const satisfies Record<string, Record<Language, () => Promise<object>>>;

export type Section = keyof typeof sections;
export const sectionNames = ['access', 'people'] as const satisfies readonly Section[];

/** Shape another language has. */
export type Texts<T> = { [K in keyof T]: T[K] extends string ? string : Texts<T[K]> };
