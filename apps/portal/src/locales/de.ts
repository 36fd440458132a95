import type { Messages } from './en.ts';

export const de: Messages = {
  app: {
    name: 'Tributary', skip: 'Zum Inhalt springen', menu: 'Menü', mainNavigation: 'Hauptnavigation', closeMenu: 'Menü schließen', theme: 'Darstellung', themeLight: 'Hell', themeDark: 'Dunkel', themeSystem: 'Wie das System',
    language: 'Sprache', signOut: 'Abmelden', signedInAs: 'Angemeldet als {name}', account: 'Konto und Einstellungen', offline: 'Sie sind offline. Sie sehen den zuletzt gelesenen Stand.', away: 'Live-Aktualisierung unterbrochen. Die Seite fragt stattdessen alle 5 Sekunden.',
    palette: 'Gehe zu …', paletteHint: 'Seiten und Aktionen suchen', paletteEmpty: 'Nichts passt.', shortcuts: 'Tastenkürzel', close: 'Schließen', connection: 'Verbindung', chooseConnection: 'Verbindung wählen', addConnection: 'Weitere Org verbinden', allConnections: 'Alle Verbindungen',
    groupPages: 'Seiten', groupActions: 'Aktionen', openPalette: 'Suche öffnen', goPipeline: 'Zur Pipeline', goConnection: 'Zur Verbindung', goMetrics: 'Zu den Kennzahlen', goSettings: 'Zum Arbeitsbereich', toggleTheme: 'Zwischen hell und dunkel wechseln', showShortcuts: 'Diese Liste zeigen', demo: 'Demo',
  },
  nav: { pipeline: 'Pipeline', connection: 'Verbindung', connections: 'Verbindungen', metrics: 'Kennzahlen', sync: 'Erster Abgleich', records: 'Datensätze', settings: 'Arbeitsbereich', doctor: 'Prüfung', jwt: 'Zugriff ohne Person', help: 'Hat Salesforce einen Fehler gezeigt?', join: 'Einladung' },
  notFound: { title: 'Diese Seite gibt es nicht', text: 'Die Adresse ist vielleicht vertippt, oder die Seite ist umgezogen.', home: 'Zum Anfang' },
  problem: {
    title: 'Das hat nicht geklappt', retry: 'Erneut versuchen', reference: 'Referenz {id}', details: 'Einzelheiten', code: 'Code',
    codes: {
      OFFLINE: { what: 'Ihr Gerät hat kein Netz.', action: 'Es geht von selbst weiter, sobald Sie online sind.' },
      SERVER_UNREACHABLE: { what: 'Tributary antwortet zurzeit nicht.', action: 'Wir versuchen es weiter. Hält es an, sagen Sie es dem Betreiber dieser Installation.' },
      ANSWER_INVALID: { what: 'Die Antwort hat eine Form, die diese Seite nicht kennt.', action: 'Laden Sie die Seite neu; vielleicht wurde eine neuere Version installiert.' },
      UNEXPECTED: { what: 'Auf dieser Seite ist etwas Unerwartetes geschehen.', action: 'Laden Sie die Seite neu.' },
      DATASET_NOT_READY: { what: 'Es gibt noch keine Zahlen: die ersten Objekte werden noch kopiert.', action: 'Sie erscheinen hier von selbst.' },
    },
    fallback: { what: 'Der Server hat die Anfrage abgelehnt.', action: 'Versuchen Sie es erneut, oder geben Sie die Referenz an den Betreiber dieser Installation.' },
  },
  coverage: { complete: 'Vollständig', loading: 'Lädt', partial: 'Teilweise', stale: 'Veraltet', unknown: 'Unbekannt',
    completeText: 'Jeder Datensatz der Quelle ist in der Kopie; die Zahlen stimmen überein.', loadingText: 'Die Kopie füllt sich noch. Die Zahl wächst, bis sie vollständig ist.', partialText: 'Etwas fehlt; der Grund steht unten.', staleText: 'Die Kopie ist älter, als sie sein sollte.', unknownText: 'Die Vollständigkeit ließ sich nicht beweisen.',
    rows: '{stored} von {source} Datensätzen', rowsOnly: '{stored} Datensätze', asOf: 'Stand {time}', noAsOf: 'noch nicht gelesen', objects: 'Verwendete Objekte' },
  figure: { definition: 'Wie ist {label} definiert?', formula: 'Formel', timeField: 'Zeitraum nach', version: 'Definition {n}', period: 'Zeitraum', zone: 'Zeitzone', engine: 'Beantwortet von {engine} in {ms} ms', soql: 'Dasselbe in SOQL', drill: 'Datensätze hinter {label} zeigen', asOf: 'Stand {time}', asOfNow: 'Stand eben', numerator: '{n} von {d}', why: { denominator_zero: 'im Zeitraum nichts geschlossen', no_rows: 'keine Deals', unknown: 'kein Wert' }, table: 'Als Tabelle zeigen', chart: 'Als Diagramm zeigen', previous: '{period}: {value}', notes: 'Hinweise', updating: 'Wird aktualisiert' },
  pipeline: {
    title: 'Pipeline', filters: 'Filter', owner: 'Inhaber', allOwners: 'Alle', stage: 'Phase', allStages: 'Alle Phasen', period: 'Zeitraum', calendar: 'Kalender', fiscal: 'Geschäftsjahr', gregorian: 'Kalender', reset: 'Filter löschen', openSection: 'Jetzt offen', openHint: 'Alle offenen Deals, gleich mit welchem Abschlussdatum', resultSection: 'Ergebnisse', resultHint: 'Im Zeitraum geschlossen oder angelegt',
    periods: { 'this-month': 'Dieser Monat', 'last-month': 'Letzter Monat', 'this-quarter': 'Dieses Quartal', 'last-quarter': 'Letztes Quartal', 'this-year': 'Dieses Jahr', 'last-year': 'Letztes Jahr' },
    periodsFiscal: { 'this-month': 'Dieser Geschäftsmonat', 'last-month': 'Letzter Geschäftsmonat', 'this-quarter': 'Dieses Geschäftsquartal', 'last-quarter': 'Letztes Geschäftsquartal', 'this-year': 'Dieses Geschäftsjahr', 'last-year': 'Letztes Geschäftsjahr' },
    tiles: { open: 'Offene Pipeline', weighted: 'Gewichtete Pipeline', overdue: 'Überfällig', bookings: 'Abschlüsse', winRate: 'Gewinnquote', byCount: 'nach Anzahl', byAmount: 'nach Betrag', dealSize: 'Mittlerer Deal', cycle: 'Verkaufszyklus', created: 'Neue Pipeline' },
    deals: 'keine Deals | ein Deal | {n} Deals', days: 'Tage, Median', dealMean: 'Mittel gewonnener Deals', weightedOf: '{percent} der offenen Pipeline', overdueOf: '{percent} der offenen Pipeline', none: 'keine', overdueNone: 'Kein offener Deal liegt hinter seinem Abschlussdatum',
    byStage: 'Offene Pipeline nach Phase', byOwner: 'Offene Pipeline nach Inhaber', trend: 'Abschlüsse und neue Pipeline', byMonth: 'Nach Monat', byQuarter: 'Nach Quartal', winByOwner: 'Gewinnquote nach Inhaber', amount: 'Betrag', weighted: 'Gewichtet', count: 'Deals', other: 'Übrige ({n})', running: 'läuft noch',
    dealTable: 'Offene Deals', deal: 'Deal', closeDate: 'Abschlussdatum', largest: 'Größte zuerst', all: 'Alle {n} Deals ansehen', empty: 'Kein offener Deal passt zu diesen Filtern.', emptyAction: 'Löschen Sie die Filter, um alle Deals zu sehen.', notReady: 'Die ersten Zahlen sind unterwegs', notReadyText: 'Sie erscheinen hier, sobald die ersten Deals kopiert sind, meist in Sekunden.', watch: 'Ersten Abgleich ansehen', chartKeys: 'Mit den Pfeiltasten durch das Diagramm, mit der Eingabetaste zu den Datensätzen.', won: 'gewonnen', lost: 'verloren', ratio: 'Quote', asOfAll: 'Datenstand {time}',
    updated: 'Die Zahlen wurden aktualisiert.', partialBanner: 'Diese Zahlen sind noch nicht vollständig.', staleBanner: 'Diese Zahlen stehen still.', sample: 'n = {n}', closed: 'Geschlossen',
  },
  records: {
    title: 'Datensätze', titleOf: 'Datensätze von {object}', total: 'kein Datensatz | ein Datensatz | {n} Datensätze', sum: 'Summe', equals: 'gleich der Zahl, von der Sie kommen', differs: 'Die Zahl, von der Sie kommen, war {value}. Die Daten haben sich seither geändert; laden Sie das Board neu, um zu vergleichen.', openIn: 'In Salesforce öffnen', openRecord: '{name} in Salesforce öffnen', sortBy: 'Nach {column} sortieren', ascending: 'aufsteigend', descending: 'absteigend', loadingMore: 'Weitere Datensätze laden', empty: 'Kein Datensatz passt.', emptyAction: 'Der Filter ist vielleicht zu eng, oder die Datensätze haben sich seither geändert.', back: 'Zurück zum Board', loaded: '{loaded} von {total} geladen', filteredBy: 'Datensätze hinter einer Zahl', all: 'Alle Datensätze der Kopie', yes: 'Ja', no: 'Nein', table: 'Datensätze von {object}',
  },
  connections: {
    title: 'Verbindungen', lead: 'Jede Verbindung ist die Zustimmung einer Person für eine Org.', add: 'Org verbinden', empty: 'Noch keine Verbindung', emptyText: 'Verbinden Sie eine Org, um in wenigen Sekunden Ihr erstes Board zu sehen.', open: '{name} öffnen', lastSync: 'Letzter Abgleich', never: 'noch nicht', board: 'Board öffnen', manage: 'Verwalten', by: 'als {name}', sharedBy: 'geteilt von {name}', onlyYou: 'nur Sie', everybody: 'alle', viewer: 'Eine Org verbinden können Analysten und Inhaber.', emptyViewer: 'Mit Ihnen wurde noch nichts geteilt. Bitten Sie jemanden im Arbeitsbereich, eine Verbindung zu teilen.',
    kinds: { production: 'Produktion', sandbox: 'Sandbox', developer: 'Developer', unknown: 'Org' },
  },
  state: {
    pending_consent: 'Wartet auf Zustimmung', exchanging: 'Verbindet', active: 'Verbunden', refreshing: 'Erneuert den Zugriff', refresh_uncertain: 'Prüft den Zugriff', degraded: 'Versucht es weiter', held: 'Angehalten', needs_admin: 'Admin nötig', needs_reconsent: 'Neu verbinden nötig', paused: 'Pausiert', disconnecting: 'Wird getrennt', disconnected: 'Getrennt', purged: 'Gelöscht',
    text: {
      pending_consent: 'Die Zustimmung bei Salesforce wurde begonnen, aber nicht beendet.', exchanging: 'Salesforce hat zugestimmt; der Zugriff wird gespeichert.', active: 'Der Zugriff funktioniert. Daten werden nach Plan gelesen.', refreshing: 'Ein neues Zugriffstoken wird geholt. Nichts zu tun.', refresh_uncertain: 'Eine Antwort von Salesforce ging unterwegs verloren. Wir finden heraus, ob der Zugriff noch gilt.', degraded: 'Salesforce antwortet unzuverlässig. Wir versuchen es weiter; die Daten bleiben.', held: 'Salesforce erlaubt zurzeit keine Arbeit. Es geht von selbst weiter.', needs_admin: 'Ein Admin der Org muss etwas ändern. Die Daten bleiben, wie sie waren.', needs_reconsent: 'Der Zugriff ist beendet. Verbinden Sie neu; Kennung, Auswahl und Verlauf bleiben.', paused: 'Niemand liest aus Salesforce, bis Sie fortsetzen.', disconnecting: 'Der Zugriff wird zurückgegeben.', disconnected: 'Der Zugriff wurde zurückgegeben. Die Kopie ist eingefroren.', purged: 'Der Zugriff wurde zurückgegeben und jeder Datensatz gelöscht.',
    },
    since: 'seit {time}',
  },
  run: { running: 'Läuft', complete: 'Vollständig', partial: 'Teilweise', failed: 'Gescheitert' },
  sync: {
    title: 'Erster Abgleich', titleAgain: 'Abgleich', lead: 'Sie können diese Seite schließen; das Kopieren geht weiter.', overall: 'Gesamt', rows: '{done} von {total} Zeilen', rowsOpen: '{done} Zeilen', perSecond: '{n} Zeilen/s', left: 'noch etwa {from} – {to}', leftOne: 'noch etwa {to}', objectsDone: '{done} von {total} Objekten', board: 'Erstes Board öffnen', boardIn: 'Erstes Board in etwa {duration}', boardSoon: 'Erstes Board gleich', boardReady: 'Erstes Board bereit', calls: 'keine API-Aufrufe | ein API-Aufruf | {n} API-Aufrufe',
    status: { waiting: 'Wartet', counting: 'Zählt', extracting: 'Liest', merging: 'Speichert', complete: 'Vollständig', partial: 'Teilweise', failed: 'Gescheitert' },
    done: 'Die Kopie ist vollständig', doneText: 'Jedes Objekt wurde in Salesforce und in der Kopie gezählt; die Zahlen stimmen überein.', partial: 'Die Kopie ist nicht vollständig', partialText: 'Manche Objekte ließen sich nicht vollständig lesen. Die Gründe stehen unten; alles andere ist benutzbar.', failed: 'Der Abgleich kam nicht durch', failedText: 'Was gespeichert ist, bleibt. Der nächste Lauf macht dort weiter.', receipts: 'Belege', receiptsHint: 'Eine Zeile je Objekt: was Salesforce hat, was gelesen wurde, was gespeichert ist.', waiting: 'Der erste Lauf wird eröffnet', waitingText: 'Salesforce wird gefragt, was diese Verbindung lesen darf.', announce: '{object}: {status}', overallAnnounce: '{percent} der Zeilen sind kopiert', elapsed: 'läuft seit {duration}', live: 'Live',
    receipt: { object: 'Objekt', source: 'In Salesforce', read: 'Gelesen', inserted: 'Neu', updated: 'Geändert', unchanged: 'Unverändert', tombstones: 'Gelöscht', calls: 'API-Aufrufe', result: 'Ergebnis', agree: 'Stimmt', differ: 'Weicht ab', windows: 'keine Fenster | ein Fenster | {n} Fenster', unknown: 'nicht gezählt' },
  },
};
