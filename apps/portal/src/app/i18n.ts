import { createI18n } from 'vue-i18n';
import { en, type Messages } from '../locales/en.ts';
import { sections, type Section } from '../locales/sections.ts';
import { languages, type Language } from './language.ts';

const storageKey = 'tributary.language';

export const i18n = createI18n<[Messages], Language, false>({ legacy: false, locale: 'en', fallbackLocale: 'en', messages: { en, de: en } });

const loaders: Readonly<Record<Language, () => Promise<Messages>>> = {
  en: async () => en,
  de: async () => (await import('../locales/de.ts')).de,
};

/** Sections that some page has asked for. */
const wanted = new Set<Section>();

/** Shows the page in a language and remembers it. */
export async function setLanguage(language: Language): Promise<void> {
  i18n.global.setLocaleMessage(language, await loaders[language]());
  await Promise.all([...wanted].map(async (section) => addSection(section, language)));
  i18n.global.locale.value = language;
  document.documentElement.lang = language;
  remember(language);
}

/** Loads something together with the texts it needs, in the language of the page. */
export function withTexts<Loaded>(needed: readonly Section[], load: () => Promise<Loaded>): () => Promise<Loaded> {
  return async () => {
    for (const section of needed) wanted.add(section);
    const [loaded] = await Promise.all([load(), ...needed.map(async (section) => addSection(section, i18n.global.locale.value))]);
    return loaded;
  };
}

async function addSection(section: Section, language: Language): Promise<void> {
  i18n.global.mergeLocaleMessage(language, { [section]: await sections[section][language]() });
}

/** The language chosen before, else the first of the browser's that exists, else English. */
export function preferredLanguage(): Language {
  const wanted = [remembered(), ...navigator.languages.map((tag) => tag.slice(0, 2))];
  return wanted.map((tag) => languages.find((known) => known === tag)).find((known) => known !== undefined) ?? 'en';
}

function remembered(): string | null {
  try {
    return localStorage.getItem(storageKey);
  } catch {
    return null;
  }
}

function remember(language: Language): void {
  try {
    localStorage.setItem(storageKey, language);
  } catch {
    // Storage may be closed; the choice then lasts as long as the page.
  }
}
