import type { callsEn } from './calls.en.ts';
import type { Texts } from './sections.ts';

export const callsDe: Texts<typeof callsEn> = {
  lead: 'Jeder Aufruf, den Tributary für diese Verbindung bei Salesforce gemacht hat, der neueste zuerst.',
  readOnly: 'Nur lesend, von Bauart', readOnlyText: 'Salesforce kennt keine Berechtigung, die nur liest. Die Grenze liegt deshalb in Tributary: Ein Client macht alle Aufrufe, und er kennt keinen, der Ihre Daten ändert.', how: 'Wie das sichergestellt ist',
  rule: {
    get: 'GET liest: Zeilen, Anzahlen, Beschreibungen, Grenzen.', post: 'POST an die Daten der Org hat einen Zweck: einen Export der Bulk API zu verlangen, der Zeilen liest.', patch: 'PATCH hat einen Zweck: einen eigenen Export abzubrechen.', delete: 'DELETE hat einen Zweck: einen eigenen Export zu entfernen, wenn seine Zeilen hier sind. Kein Datensatz wird berührt.',
    oauth: 'POST an die Anmeldung von Salesforce holt ein Token zur Zustimmung, erneuert es oder gibt es zurück. Keiner dieser Aufrufe berührt Daten oder zählt zur täglichen API-Grenze.',
    grpc: 'GRPC hört der Pub/Sub API zu: Salesforce sagt, welche Datensätze sich geändert haben. Veröffentlicht wird nichts.',
    test: 'Jede Methode und jeder Pfad steht auf einer kurzen Liste. Alles andere wird abgewiesen, bevor es hinausgeht, und ein Test lässt den Bau einer Version scheitern, die es versucht.',
  },
  object: 'Objekt', kind: 'Wofür', allObjects: 'Alle Objekte', allPurposes: 'Alles', clear: 'Filter aufheben', kept: 'Jeder Aufruf der letzten {days} Tage.', when: 'Wann', what: 'Wofür', result: 'Ergebnis', rows: 'Zeilen', took: 'Dauer', used: 'Verbraucht, 24 h', ms: '{n} ms', events: 'Ereignisse', free: 'zählt nicht', freeHint: 'Dieser Aufruf zählt nicht zur täglichen API-Grenze der Org.',
  purpose: {
    versions: 'Fragen, welche API-Versionen es gibt', limits: 'Fragen, wie viele Aufrufe übrig sind', objects: 'Objekte auflisten', describe: 'Beschreibung lesen', setup: 'Fragen, was aus Feldern wurde', 'record-counts': 'Geschätzte Anzahlen lesen', count: 'Zählen', query: 'Zeilen lesen', deletions: 'Fragen, was gelöscht wurde',
    'job-create': 'Einen Export verlangen', 'job-state': 'Fragen, ob der Export fertig ist', 'job-pages': 'Seiten des Exports auflisten', 'job-results': 'Eine Seite des Exports holen', 'job-abort': 'Einen eigenen Export abbrechen', 'job-delete': 'Einen eigenen Export entfernen', other: 'Etwas anderes, das liest',
    subscribe: 'Änderungen zuhören', 'event-schema': 'Fragen, wie eine Änderung geschrieben ist', 'token-code': 'Die Zustimmung gegen ein Token tauschen', 'token-refresh': 'Das Token erneuern', 'token-assertion': 'Ein Token mit signierter Erklärung holen', 'token-revoke': 'Ein Token zurückgeben',
    identity: 'Fragen, wer zugestimmt hat', userinfo: 'Prüfen, ob das Token gilt', 'login-host': 'Lesen, was die Anmeldung bietet', 'login-keys': 'Die Schlüssel holen, die die Anmeldung beweisen',
  },
  outcome: { answered: 'Beantwortet', unchanged: 'Nichts Neues', refused: 'Abgelehnt', failed: 'Bei Salesforce gescheitert', lost: 'Keine Antwort' },
  missing: { data: 'Die Aufrufe für Daten fehlen in dieser Liste', access: 'Die Aufrufe der Anmeldung und des Zugangs fehlen in dieser Liste', hint: 'Sie sind aufbewahrt und stehen hier, sobald er wieder antwortet.' },
  none: 'Noch kein Aufruf', noneText: 'Der erste Abgleich macht die ersten.', noneFiltered: 'Kein solcher Aufruf', noneFilteredText: 'Wählen Sie ein anderes Objekt oder einen anderen Zweck.', more: 'Ältere Aufrufe zeigen', end: 'Das sind alle Aufrufe, die aufbewahrt werden.',
};
