export const languages = ['en', 'de'] as const;
export type Language = (typeof languages)[number];
/** Names of the languages in themselves. */
export const languageNames: Readonly<Record<Language, string>> = { en: 'English', de: 'Deutsch' };
