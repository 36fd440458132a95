import type { Messages } from './en.ts';
import { failuresDe } from './failures.de.ts';

export const de: Messages = {
  app: {
    name: 'Tributary', skip: 'Zum Inhalt springen', menu: 'Menü', mainNavigation: 'Hauptnavigation', closeMenu: 'Menü schließen', theme: 'Darstellung', themeLight: 'Hell', themeDark: 'Dunkel', themeSystem: 'Wie das System',
    language: 'Sprache', signOut: 'Abmelden', signedInAs: 'Angemeldet als {name}', account: 'Konto und Einstellungen', offline: 'Sie sind offline. Sie sehen den zuletzt gelesenen Stand.', away: 'Live-Aktualisierung unterbrochen. Die Seite fragt stattdessen alle 5 Sekunden.',
    palette: 'Gehe zu …', paletteHint: 'Seiten und Aktionen suchen', paletteEmpty: 'Nichts passt.', shortcuts: 'Tastenkürzel', close: 'Schließen', connection: 'Verbindung', chooseConnection: 'Verbindung wählen', addConnection: 'Weitere Org verbinden', allConnections: 'Alle Verbindungen',
    groupPages: 'Seiten', groupActions: 'Aktionen', openPalette: 'Suche öffnen', goPipeline: 'Zur Pipeline', goConnection: 'Zur Verbindung', goMetrics: 'Zu den Kennzahlen', toggleTheme: 'Zwischen hell und dunkel wechseln', showShortcuts: 'Diese Liste zeigen', demo: 'Demo',
  },
  nav: { pipeline: 'Pipeline', connection: 'Verbindung', connections: 'Verbindungen', metrics: 'Kennzahlen', sync: 'Erster Abgleich', records: 'Datensätze' },
  notFound: { title: 'Diese Seite gibt es nicht', text: 'Die Adresse ist vielleicht vertippt, oder die Seite ist umgezogen.', home: 'Zum Anfang' },
  welcome: {
    title: 'Ihre Pipeline, mit Beweis.',
    lead: 'Verbinden Sie Salesforce einmal. Tributary hält eine nur lesend gewonnene Kopie frisch und macht daraus Zahlen, die sich selbst erklären: wie sie entstehen, wie vollständig sie sind und welche Datensätze dahinterstehen.',
    demo: 'Demo-Org verbinden', connect: 'Salesforce verbinden', demoHint: 'Eine glaubwürdige Org mit etwa 25.000 Datensätzen. Nichts verlässt diesen Rechner.', connectHint: 'Sie melden sich bei Salesforce an. Ihr Passwort erreicht uns nie.', other: 'Andere Wege',
    signedOut: 'Melden Sie sich an, um hier weiterzumachen; Ihre Sitzung ist beendet, oder diese Seite braucht eine.',
    readTitle: 'Was gelesen wird', read: 'Deals, Accounts, Leads, Aktivitäten und die Menschen dahinter, mit den Rechten, die Sie in Salesforce haben. Sie sehen jedes Objekt vorher und nachher.',
    neverTitle: 'Was nie geschieht', never: 'In Salesforce wird nie etwas geschrieben: der Client, der mit Salesforce spricht, enthält keinen solchen Aufruf. Zugriffstoken bleiben verschlüsselt in einem einzigen Dienst.',
    whoTitle: 'Wer das darf', who: 'Alle, die in der Org Apps benutzen dürfen. Muss ein Admin die App erst erlauben, sagen wir es und geben Ihnen die Nachricht dafür.',
    previewOpen: 'Offene Pipeline', previewWon: 'Abschlüsse', previewRate: 'Gewinnquote', previewComplete: 'Vollständig',
  },
  connect: {
    title: 'Salesforce verbinden', lead: 'Wählen Sie, wo Sie sich anmelden. Salesforce fragt dann nach Ihrer Zustimmung; vorher wird nichts gelesen.', where: 'Wo melden Sie sich an?',
    demoTitle: 'Demo-Org', demoText: 'Salesforce wird hier simuliert. Zustimmung, Kopie und Zahlen arbeiten genau wie mit einer echten Org.', demo: 'Demo-Org verbinden',
    production: 'Produktion oder Developer', productionText: 'login.salesforce.com', sandbox: 'Sandbox', sandboxText: 'test.salesforce.com', domain: 'My Domain', domainText: 'Die eigene Adresse Ihrer Org',
    address: 'Adresse Ihrer Org', addressHint: 'Fügen Sie irgendeine Adresse Ihrer Org ein, auch eine aus Lightning.', resolved: 'Sie melden sich an bei {host}', invalid: 'Das ist keine Adresse einer Salesforce-Org. Sie endet auf .salesforce.com oder .force.com.', go: 'Weiter zu Salesforce', goText: 'Danach kommen Sie hierher zurück.',
    asks: 'Was Salesforce Sie fragen wird', scope: 'Salesforce sagt', meaning: 'Wir benutzen es, um', scopeApi: 'Benutzerdaten über APIs verwalten', scopeApiUse: 'die gewählten Objekte zu lesen. Einen Nur-Lese-Bereich gibt es nicht, deshalb hat unser Client keinen Schreibaufruf.',
    scopeOffline: 'Jederzeit Anforderungen ausführen', scopeOfflineUse: 'die Kopie frisch zu halten, während Sie weg sind.', scopeId: 'Auf Ihre Identität zugreifen', scopeIdUse: 'zu wissen, wer verbunden hat, und Orgs auseinanderzuhalten.', more: 'Stattdessen eine echte Org verbinden', back: 'Zurück',
  },
  failed: {
    heading: 'Die Verbindung kam nicht zustande', what: 'Was geschehen ist', whoLabel: 'Wer es beheben kann', how: 'Was zu tun ist', again: 'Erneut versuchen', home: 'Zurück zum Anfang', ref: 'Referenz', code: 'Code', copy: 'Nachricht für den Admin kopieren', copied: 'Kopiert', kept: 'Es wurde nichts gelesen und nichts verändert.',
    who: { you: 'Sie', admin: 'Ein Salesforce-Admin Ihrer Org', operator: 'Wer diese Installation betreibt', nobody: 'Niemand, es vergeht von selbst' },
    message: 'Hallo, ich wollte Tributary mit unserer Salesforce-Org verbinden und wurde aufgehalten: {what} {how} (Code {code}, Referenz {ref})',
    codes: failuresDe,
  },
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
    title: 'Verbindungen', lead: 'Jede Verbindung ist die Zustimmung einer Person für eine Org.', add: 'Org verbinden', empty: 'Noch keine Verbindung', emptyText: 'Verbinden Sie eine Org, um in wenigen Sekunden Ihr erstes Board zu sehen.', open: '{name} öffnen', lastSync: 'Letzter Abgleich', never: 'noch nicht', board: 'Board öffnen', manage: 'Verwalten', by: 'als {name}',
    kinds: { production: 'Produktion', sandbox: 'Sandbox', developer: 'Developer', unknown: 'Org' },
  },
  state: {
    pending_consent: 'Wartet auf Zustimmung', exchanging: 'Verbindet', active: 'Verbunden', refreshing: 'Erneuert den Zugriff', refresh_uncertain: 'Prüft den Zugriff', degraded: 'Versucht es weiter', held: 'Angehalten', needs_admin: 'Admin nötig', needs_reconsent: 'Neu verbinden nötig', paused: 'Pausiert', disconnecting: 'Wird getrennt', disconnected: 'Getrennt', purged: 'Gelöscht',
    text: {
      pending_consent: 'Die Zustimmung bei Salesforce wurde begonnen, aber nicht beendet.', exchanging: 'Salesforce hat zugestimmt; der Zugriff wird gespeichert.', active: 'Der Zugriff funktioniert. Daten werden nach Plan gelesen.', refreshing: 'Ein neues Zugriffstoken wird geholt. Nichts zu tun.', refresh_uncertain: 'Eine Antwort von Salesforce ging unterwegs verloren. Wir finden heraus, ob der Zugriff noch gilt.', degraded: 'Salesforce antwortet unzuverlässig. Wir versuchen es weiter; die Daten bleiben.', held: 'Salesforce erlaubt zurzeit keine Arbeit. Es geht von selbst weiter.', needs_admin: 'Ein Admin der Org muss etwas ändern. Die Daten bleiben, wie sie waren.', needs_reconsent: 'Der Zugriff ist beendet. Verbinden Sie neu; Kennung, Auswahl und Verlauf bleiben.', paused: 'Niemand liest aus Salesforce, bis Sie fortsetzen.', disconnecting: 'Der Zugriff wird zurückgegeben.', disconnected: 'Der Zugriff wurde zurückgegeben. Die Kopie ist eingefroren.', purged: 'Der Zugriff wurde zurückgegeben und jeder Datensatz gelöscht.',
    },
    who: { user: 'Sie können es beheben: neu verbinden.', admin: 'Ein Salesforce-Admin kann es beheben.', operator: 'Der Betreiber dieser Installation kann es beheben.', nobody: 'Nichts zu tun, es vergeht von selbst.' }, since: 'seit {time}',
  },
  connection: {
    reconnect: 'Neu verbinden', syncNow: 'Jetzt abgleichen', syncing: 'Gleicht ab', syncStarted: 'Ein Abgleich hat begonnen.', syncAlready: 'Ein Abgleich läuft bereits.', board: 'Board öffnen', disconnect: 'Trennen …',
    overview: 'Überblick', lastSync: 'Letzter Abgleich', nextSync: 'Nächster Abgleich', lag: 'Datenstand', lagText: '{duration} zurück', everySeconds: 'alle {duration}', notYet: 'noch nicht', soon: 'jeden Moment', running: 'läuft gerade', api: 'Salesforce-API-Aufrufe, 24 h', apiText: '{used} von {limit}', apiCeiling: 'Wir hören bei {ceiling} auf, damit Ihren anderen Apps Platz bleibt.', apiUnknown: 'noch nicht bekannt',
    access: 'Zugriff', flow: 'Wie der Zugriff erneuert wird', flows: { 'web-server': 'Web Server Flow', 'refresh-token': 'Refresh Token', 'jwt-bearer': 'JWT Bearer' }, noFlow: 'Zurzeit kein Zugriff', user: 'Verbunden als', org: 'Org', host: 'Host', schema: 'Schema im Warehouse', since: 'Verbunden seit', schemaHint: 'Für BI-Werkzeuge: eine Tabelle je Objekt.',
    objects: 'Objekte', object: 'Objekt', source: 'In Salesforce', stored: 'In der Kopie', coverage: 'Abdeckung', agree: 'Zahlen stimmen überein', missing: '{n} fehlen', more: '{n} gelöschte behalten', notRead: 'Noch nicht gelesen', noObjects: 'Es sind noch keine Objekte gewählt.', objectsHint: 'Gelöschte Datensätze bleiben als solche in der Kopie; sie kann mehr enthalten als Salesforce.',
    runs: 'Abgleiche', noRuns: 'Noch kein Abgleich.', kindFirst: 'Erster Abgleich', kindIncremental: 'Aktualisierung', runRows: 'keine Zeilen | eine Zeile | {n} Zeilen', runCalls: 'keine Aufrufe | ein Aufruf | {n} Aufrufe', took: 'dauerte {duration}', receipts: 'Belege', showReceipts: 'Belege zeigen', hideReceipts: 'Belege verbergen', quiet: 'Läufe ohne Änderungen sind eingeklappt.',
    timeline: 'Verlauf', noTimeline: 'Noch ist nichts geschehen.',
    dialogTitle: '{name} trennen', dialogText: 'Der Zugriff wird bei Salesforce zurückgegeben. Wählen Sie, was mit der Kopie geschieht.', keep: 'Daten behalten, eingefroren', keepText: 'Boards bleiben mit dem letzten Stand lesbar. Sie können später neu verbinden.', erase: 'Alles löschen', eraseText: 'Jeder Datensatz, jede Version und jede Zahl dieser Verbindung wird entfernt. Das lässt sich nicht rückgängig machen.', confirmType: 'Zur Bestätigung {name} eintippen', confirmKeep: 'Trennen und behalten', confirmErase: 'Trennen und löschen', cancel: 'Abbrechen', done: 'Getrennt. Der Zugriff wurde zurückgegeben.', doneNoRevoke: 'Hier getrennt. Salesforce war nicht erreichbar, um den Zugriff zurückzugeben; entfernen Sie die App in Ihren Salesforce-Einstellungen.',
  },
  run: { running: 'Läuft', complete: 'Vollständig', partial: 'Teilweise', failed: 'Gescheitert' },
  sync: {
    title: 'Erster Abgleich', titleAgain: 'Abgleich', lead: 'Sie können diese Seite schließen; das Kopieren geht weiter.', overall: 'Gesamt', rows: '{done} von {total} Zeilen', rowsOpen: '{done} Zeilen', perSecond: '{n} Zeilen/s', left: 'noch etwa {from} – {to}', leftOne: 'noch etwa {to}', objectsDone: '{done} von {total} Objekten', board: 'Erstes Board öffnen', boardIn: 'Erstes Board in etwa {duration}', boardSoon: 'Erstes Board gleich', boardReady: 'Erstes Board bereit', calls: 'keine API-Aufrufe | ein API-Aufruf | {n} API-Aufrufe',
    status: { waiting: 'Wartet', counting: 'Zählt', extracting: 'Liest', merging: 'Speichert', complete: 'Vollständig', partial: 'Teilweise', failed: 'Gescheitert' },
    done: 'Die Kopie ist vollständig', doneText: 'Jedes Objekt wurde in Salesforce und in der Kopie gezählt; die Zahlen stimmen überein.', partial: 'Die Kopie ist nicht vollständig', partialText: 'Manche Objekte ließen sich nicht vollständig lesen. Die Gründe stehen unten; alles andere ist benutzbar.', failed: 'Der Abgleich kam nicht durch', failedText: 'Was gespeichert ist, bleibt. Der nächste Lauf macht dort weiter.', receipts: 'Belege', receiptsHint: 'Eine Zeile je Objekt: was Salesforce hat, was gelesen wurde, was gespeichert ist.', waiting: 'Der erste Lauf wird eröffnet', waitingText: 'Salesforce wird gefragt, was diese Verbindung lesen darf.', announce: '{object}: {status}', overallAnnounce: '{percent} der Zeilen sind kopiert', elapsed: 'läuft seit {duration}', live: 'Live',
    receipt: { object: 'Objekt', source: 'In Salesforce', read: 'Gelesen', inserted: 'Neu', updated: 'Geändert', unchanged: 'Unverändert', tombstones: 'Gelöscht', calls: 'API-Aufrufe', result: 'Ergebnis', agree: 'Stimmt', differ: 'Weicht ab', windows: 'keine Fenster | ein Fenster | {n} Fenster', unknown: 'nicht gezählt' },
  },
  metrics: { title: 'Kennzahlen', lead: 'Jede Zahl in Tributary kommt aus einer dieser Definitionen. Eine Kennung ändert nie ihre Bedeutung: eine geänderte Definition bekommt eine neue Version.', search: 'Kennzahl finden', none: 'Keine Kennzahl passt.', formula: 'Formel', time: 'Zeitraum nach', needs: 'Braucht', dimensions: 'Gruppieren nach', trap: 'Fehler, den andere machen', version: 'Version {n}', units: { money: 'Geld', count: 'Anzahl', ratio: 'Quote', days: 'Tage' } },
};
