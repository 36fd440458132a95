import { failuresDe } from './failures.de.ts';
import { failuresEn } from './failures.en.ts';

/** Texts of the failure page by language; loaded with that page alone. */
export const failureTexts = { en: failuresEn, de: failuresDe } as const;
