import type { welcomeEn } from './welcome.en.ts';
import type { Texts } from './sections.ts';

export const welcomeDe: Texts<typeof welcomeEn> = {
  title: 'Ihre Pipeline, mit Beweis.',
  lead: 'Verbinden Sie Salesforce einmal. Tributary hält eine nur lesend gewonnene Kopie frisch und macht daraus Zahlen, die sich selbst erklären: wie sie entstehen, wie vollständig sie sind und welche Datensätze dahinterstehen.',
  demo: 'Demo-Org verbinden', connect: 'Salesforce verbinden', demoHint: 'Eine glaubwürdige Org mit etwa 25.000 Datensätzen. Nichts verlässt diesen Rechner.', connectHint: 'Sie melden sich bei Salesforce an. Ihr Passwort erreicht uns nie.', other: 'Andere Wege', or: 'Oder anmelden mit',
  signedOut: 'Melden Sie sich an, um hier weiterzumachen; Ihre Sitzung ist beendet, oder diese Seite braucht eine.',
  readTitle: 'Was gelesen wird', read: 'Deals, Accounts, Leads, Aktivitäten und die Menschen dahinter, mit den Rechten, die Sie in Salesforce haben. Sie sehen jedes Objekt vorher und nachher.',
  neverTitle: 'Was nie geschieht', never: 'In Salesforce wird nie etwas geschrieben: der Client, der mit Salesforce spricht, enthält keinen solchen Aufruf. Zugriffstoken bleiben verschlüsselt in einem einzigen Dienst.',
  whoTitle: 'Wer das darf', who: 'Alle, die in der Org Apps benutzen dürfen. Muss ein Admin die App erst erlauben, sagen wir es und geben Ihnen die Nachricht dafür.',
  previewOpen: 'Offene Pipeline', previewWon: 'Abschlüsse', previewRate: 'Gewinnquote', previewComplete: 'Vollständig',
};
