import type { failedEn } from './failed.en.ts';
import type { Texts } from './sections.ts';

export const failedDe: Texts<typeof failedEn> = {
  heading: 'Die Verbindung kam nicht zustande', what: 'Was geschehen ist', whoLabel: 'Wer es beheben kann', how: 'Was zu tun ist', again: 'Erneut versuchen', home: 'Zurück zum Anfang', ref: 'Referenz', code: 'Code', copy: 'Nachricht für den Admin kopieren', copied: 'Kopiert', kept: 'Es wurde nichts gelesen und nichts verändert.',
  who: { you: 'Sie', admin: 'Ein Salesforce-Admin Ihrer Org', operator: 'Wer diese Installation betreibt', nobody: 'Niemand, es vergeht von selbst' },
  message: 'Hallo, ich wollte Tributary mit unserer Salesforce-Org verbinden und wurde aufgehalten: {what} {how} (Code {code}, Referenz {ref})',
};
