import type { deletionsEn } from './deletions.en.ts';
import type { Texts } from './sections.ts';

export const deletionsDe: Texts<typeof deletionsEn> = {
  lead: 'Wie Tributary erfährt, dass ein Datensatz in Salesforce gelöscht wurde, und wie sicher das ist. Gelöschte Datensätze verlassen jede Zahl und bleiben als gelöscht in der Kopie.',
  perObject: 'Objekte', summary: 'Von {n} der {total} Objekte ist bei jedem Abgleich jede Löschung bekannt.', none: 'Noch nichts kopiert', noneText: 'Nach Löschungen wird gesucht, sobald ein Objekt kopiert ist.',
  object: 'Objekt', found: 'Gefunden durch', compared: 'Alle IDs verglichen',
  confidence: { high: 'Sicher', medium: 'Durch Zählen', low: 'Nicht sicher', later: 'Später' },
  cause: {
    'not-loaded': 'Noch nicht ganz gelesen; danach wird nach Löschungen gesucht.', held: 'Viele Datensätze fehlen auf einmal; jemand muss sagen, ob sie gelöscht sind.', gap: 'Die Löschliste von Salesforce hat eine Lücke. Der nächste Abgleich vergleicht alle IDs.',
    'read-whole': 'Jeder Abgleich liest das ganze Objekt: Was fehlt, ist gelöscht.', listed: 'Salesforce führt eine Löschliste, und jede Woche werden alle IDs verglichen.', 'not-listed': 'Salesforce führt hier keine Löschliste. Was ohne Spur entfernt wurde, zeigt sich durch Zählen bei jedem Abgleich und durch den Vergleich aller IDs.',
  },
  how: 'Wie Löschungen gefunden werden',
  way: { 'recycle-bin': 'Papierkorb', 'list-of-deletions': 'Löschliste', 'comparison-of-ids': 'Vergleich der IDs', 'full-read': 'Alles lesen' },
  wayText: {
    'recycle-bin': 'Ein gelöschter Datensatz bleibt etwa zwei Wochen im Papierkorb von Salesforce und wird dort gelesen, als gelöscht markiert.', 'list-of-deletions': 'Salesforce führt einige Wochen lang eine Liste des Gelöschten, auch für Datensätze, die nie im Papierkorb waren.',
    'comparison-of-ids': 'Die IDs aller Datensätze in Salesforce werden mit denen der Kopie verglichen, jede Woche und immer, wenn die Anzahlen abweichen. So zeigt sich, was keine Liste sagt.', 'full-read': 'Objekte, deren Datensätze keinen Zeitstempel tragen, werden bei jedem Abgleich ganz gelesen.',
  },
  confirmed: 'Bestätigt. Jetzt beginnt ein Abgleich, sieht noch einmal nach und markiert die Datensätze von {label}, die noch fehlen.',
  held: {
    title: '{label}: kein Datensatz fehlt | {label}: 1 von {total} Datensätzen fehlt in Salesforce | {label}: {n} von {total} Datensätzen fehlen in Salesforce',
    text: 'So viele auf einmal können aufgeräumt worden sein, oder eine Berechtigung ging verloren: Für Tributary sieht beides gleich aus. Nichts wurde als gelöscht markiert; die Datensätze zählen weiter in jeder Zahl, so wie sie zuletzt gesehen wurden.',
    found: 'Gefunden {time}.', some: '{n} davon', these: 'Diese Datensätze', look: 'Öffnen Sie einen davon in Salesforce mit den Augen eines Admins: Ist er da, wurde er nicht gelöscht.',
    lost: 'Wenn es sie noch gibt', lostText: 'Der Zugriff ging verloren. Ein Admin lässt {user} wieder {label} sehen: Objektberechtigungen, Freigabe oder Datensatztypen. Dieser Hinweis verschwindet dann mit dem nächsten Abgleich.',
    gone: 'Wenn sie absichtlich gelöscht wurden', goneText: 'Bestätigen Sie es. Der nächste Abgleich beginnt sofort, sieht noch einmal nach und markiert sie.', goneOthers: 'Nur {name} kann es bestätigen: Die Verbindung beruht auf dieser Einwilligung.', do: 'Sie wurden gelöscht …',
    confirmed: 'Bestätigt {time}. Der nächste Abgleich markiert die, die noch fehlen.',
  },
  dialog: {
    title: 'Keinen Datensatz von {label} als gelöscht markieren? | 1 Datensatz von {label} als gelöscht markieren? | {n} Datensätze von {label} als gelöscht markieren?', again: 'Jeder Datensatz wird noch einmal gesucht; markiert werden nur die, die noch fehlen.', figures: 'Sie verlassen von da an jede Zahl. Ihre letzten Werte bleiben in der Kopie, als gelöscht markiert.',
    back: 'Ein Datensatz, der in Salesforce wieder auftaucht, kommt von selbst zurück.', cancel: 'Abbrechen', do: 'Keinen markieren | 1 Datensatz als gelöscht markieren | {n} Datensätze als gelöscht markieren',
  },
};
