import type { selectionEn } from './selection.en.ts';
import type { Texts } from './sections.ts';

export const selectionDe: Texts<typeof selectionEn> = {
  lead: 'Wählen Sie, was kopiert wird, nur lesend. Was das braucht, sehen Sie, bevor etwas beginnt.',
  others: 'Nur {name} kann ändern, was kopiert wird: Die Verbindung beruht auf dieser Einwilligung.',
  objects: 'Objekte der Org', chosen: '{n} von {total} gewählt', search: 'Nach Namen suchen', show: 'Zeigen', shown: { all: 'Alle', chosen: 'Gewählte', others: 'Nicht gewählte', custom: 'Eigene Objekte' },
  presets: 'Fertige Auswahlen', preset: { sales: 'Vertrieb', 'sales-service': 'Vertrieb und Service', everything: 'Alles Lesbare' },
  rows: 'keine Zeilen | 1 Zeile | {n} Zeilen', rowsAbout: 'etwa keine Zeilen | etwa 1 Zeile | etwa {n} Zeilen', rowsUnknown: 'nicht gezählt', someFields: '1 Feld gewählt | 1 Feld gewählt | {n} Felder gewählt', notQueryable: 'Salesforce lässt dies nicht lesen',
  fields: 'Felder', fieldsOf: 'Felder von {label}', fieldsChosen: '{n} von {total} Feldern', searchFields: 'Felder von {label} durchsuchen', noField: 'Kein Feld heißt so.', always: 'immer kopiert',
  none: 'Kein Objekt passt', noneText: 'Suchen Sie etwas anderes, oder zeigen Sie alle Objekte.', more: '{n} weitere zeigen',
  mark: { custom: 'eigenes', formula: 'Formel', compound: 'zusammengesetzt', base64: 'Dateiinhalt', encrypted: 'verschlüsselt', personal: 'personenbezogen', gone: 'verborgen oder entfernt', hidden: 'verborgen' },
  markText: {
    custom: 'In dieser Org angelegt.', formula: 'Von Salesforce berechnet: Der Wert kann sich ändern, ohne dass der Datensatz sich ändert.', compound: 'Eine Adresse oder ein Ort, oder ein Teil davon.', base64: 'Der Inhalt einer Datei.', encrypted: 'Bei Salesforce verschlüsselt.',
    personal: 'Sieht nach Daten über eine Person aus, nach Typ oder Namen.', gone: 'Dieser Benutzer konnte es früher lesen. Jetzt verbergen es Berechtigungen, oder es wurde entfernt; früher kopierte Werte bleiben.', hidden: 'Die Org hat es, aber Berechtigungen lassen diesen Benutzer es nicht lesen.',
  },
  type: {
    id: 'Datensatz-ID', string: 'Text', textarea: 'langer Text', picklist: 'Auswahlliste', multipicklist: 'Auswahlliste, mehrere', combobox: 'Text mit Vorschlägen', reference: 'Verweis auf Datensatz', boolean: 'ja oder nein', int: 'ganze Zahl', long: 'ganze Zahl', double: 'Zahl', currency: 'Geld', percent: 'Prozent',
    date: 'Datum', datetime: 'Datum und Zeit', time: 'Uhrzeit', email: 'E-Mail', phone: 'Telefon', url: 'Webadresse', address: 'Adresse', location: 'Ort', base64: 'Dateiinhalt', encryptedstring: 'verschlüsselter Text', anyType: 'beliebiger Wert',
  },
  estimate: {
    title: 'Was das braucht', lead: 'Für eine Kopie von allem Gewählten, von Anfang an.', empty: 'Wählen Sie mindestens ein Objekt.', rows: 'Zeilen', size: 'Speicher', calls: 'API-Aufrufe', time: 'Zeit', range: '{from} – {to}',
    uncounted: 'Jedes Objekt ist gezählt. | Salesforce zählt {names} nicht; das kommt hinzu. | Salesforce zählt {n} Objekte nicht ({names} …); sie kommen hinzu.', basis: 'Von Salesforce gezählt um {time}. Speicher und Zeit sind geschätzt.',
  },
  change: { added: 'kein Objekt mehr | 1 Objekt mehr | {n} Objekte mehr', removed: 'kein Objekt weniger | 1 Objekt weniger | {n} Objekte weniger', fields: 'keine Felder geändert | Felder von 1 Objekt geändert | Felder von {n} Objekten geändert' },
  notYet: 'Noch nicht begonnen', see: 'Was das braucht',
  unchanged: 'Das wird jetzt kopiert.', keeps: 'Früher kopierte Zeilen bleiben; sie werden nicht mehr nachgeführt.', save: 'Kopie beginnen', forget: 'Änderungen zurücknehmen', saved: 'Gespeichert. Die Kopie beginnt jetzt.',
  newFields: {
    title: 'Felder, die später erscheinen', copy: 'Kopieren', copyText: 'Ein neues Feld eines gewählten Objekts wird mit seiner Vergangenheit kopiert, sobald es erscheint.', ask: 'Erst fragen', askText: 'Ein neues Feld wartet hier, bis jemand entscheidet.', ignore: 'Weglassen', ignoreText: 'Neue Felder werden aufgeführt, aber nicht kopiert.',
    save: 'Speichern', waiting: 'Kein Feld wartet | 1 Feld wartet auf eine Entscheidung | {n} Felder warten auf eine Entscheidung', seen: 'gesehen {time}', copyOne: 'Kopieren', ignoreOne: 'Weglassen', copyAll: 'Alle kopieren', ignoreAll: 'Alle weglassen', ignored: 'keines weggelassen | 1 Feld weggelassen | {n} Felder weggelassen', decided: 'Gespeichert. Felder zum Kopieren kommen mit dem nächsten Abgleich, der jetzt beginnt.',
  },
};
