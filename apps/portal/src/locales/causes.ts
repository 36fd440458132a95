import { causesDe } from './causes.de.ts';
import { causesEn, type CauseText } from './causes.en.ts';

const texts: Readonly<Record<'en' | 'de', Readonly<Record<string, CauseText>>>> = { en: causesEn, de: causesDe };

/** What happened and how it is put right; undefined for a cause without texts of its own, whose sentence then comes from the server. */
export function causeText(cause: string, language: string): CauseText | undefined {
  const own = texts[language === 'de' ? 'de' : 'en'];
  return Object.hasOwn(own, cause) ? own[cause] : undefined;
}
