import type { scheduleEn } from './schedule.en.ts';
import type { Texts } from './sections.ts';

export const scheduleDe: Texts<typeof scheduleEn> = {
  lead: 'Wie oft jedes Objekt gelesen wird, und welches zuerst kommt, wenn Aufrufe knapp sind.', budgetLead: 'Salesforce gibt einer Org eine Zahl von API-Aufrufen in 24 Stunden, für alle ihre Werkzeuge zusammen. Tributary nimmt einen Anteil und lässt den Rest in Ruhe.',
  others: 'Nur {name} kann dies ändern: Die Verbindung beruht auf dieser Einwilligung.',
  whole: 'Die Verbindung', wholeText: 'Gilt für jedes Objekt, zu dem nichts anderes steht. Einrichtung wie Phasen oder Rollen ändert sich selten und wird seltener gelesen.', interval: 'Abstand', usual: 'Wie hier üblich ({interval})',
  perObject: 'Objekte', perObjectText: 'In der Reihenfolge, in der sie gelesen werden. Ein angehaltenes Objekt behält seine Zeilen und wird nicht nachgeführt.', search: 'Objekte suchen', noObjects: 'Es sind noch keine Objekte gewählt.', nothingFound: 'Kein Objekt passt.', more: '{n} weitere zeigen',
  object: 'Objekt', inherited: '{interval}, wie üblich', intervalOf: 'Wie oft {label} gelesen wird', order: 'Reihenfolge', orderOf: 'Reihenfolge von {label}', priority: { first: 'Zuerst', normal: 'Normal', last: 'Zuletzt' }, pausedHead: 'Angehalten', lastRead: 'Zuletzt gelesen', neverRead: 'noch nicht',
  forecast: 'Vorhersage', callsPerDay: 'keine API-Aufrufe am Tag | etwa 1 API-Aufruf am Tag | etwa {n} API-Aufrufe am Tag', runsPerDay: '{runs} Abgleiche am Tag mit je {calls} Aufrufen',
  verdict: {
    unknown: 'Salesforce hat noch nicht gesagt, wie viele Aufrufe die Org hat. Der erste Abgleich fragt danach.', fits: 'Das passt: {left} der {room} Aufrufe unter Ihrer Grenze bleiben frei.',
    tight: 'Das passt knapp: Nur {left} von {room} Aufrufen bleiben frei. An einem Tag mit vielen Änderungen muss der Abgleich warten.', refused: 'Das ist zu viel: Unter Ihrer Grenze bleiben nur {room} Aufrufe am Tag. Wählen Sie größere Abstände, halten Sie Objekte an, oder heben Sie die Grenze.',
  },
  forecastBasis: 'Geschätzt für einen Tag mit üblichen Änderungen, neben dem, was andere in den letzten 24 Stunden verbraucht haben.', save: 'Speichern', forget: 'Änderungen zurücknehmen', unchanged: 'Nichts geändert.', notYet: 'Noch nicht gespeichert', see: 'Vorhersage', saved: 'Gespeichert. Es gilt ab dem nächsten Abgleich.',
  usage: 'API-Aufrufe der letzten 24 Stunden', usageText: '{used} von {limit} verbraucht', usageNone: 'Noch nicht bekannt', usageNoneText: 'Salesforce sagt es mit den Antworten des ersten Abgleichs.',
  part: { own: 'Tributary', others: 'Andere', room: 'Frei für Tributary', reserve: 'Freigehalten' }, partText: { own: 'unsere Aufrufe, jeder in der Liste', others: 'alle anderen Werkzeuge und Menschen', room: 'bis zu Ihrer Grenze', reserve: 'die rühren wir nicht an' },
  limits: 'Wie viel Tributary nehmen darf', limitsText: 'Ist eine Grenze erreicht, wartet der Abgleich und sagt bis wann. Er gilt nie als fertig.',
  total: 'Aufhören, wenn so viel vom Tag verbraucht ist', totalText: 'Gleich von wem: Bei {ceiling} Aufrufen hört Tributary auf; {rest} bleiben anderen.', totalUnknown: 'Gleich von wem. Der Rest bleibt anderen.',
  run: 'Höchstens in einem Abgleich', runText: '{calls} Aufrufe; was übrig ist, kommt mit dem nächsten Abgleich.', runUnknown: 'Was übrig ist, kommt mit dem nächsten Abgleich.',
  budgetHow: 'Gezählt hat Salesforce selbst, so wie es mit jeder Antwort kommt.', seeCalls: 'Jeden Aufruf ansehen',
  events: {
    title: 'Änderungsereignisse', text: 'Hat die Org Change Data Capture, sagt Salesforce, was sich geändert hat, und diese Objekte werden binnen Sekunden gelesen statt erst im nächsten Abstand. Der Zeitplan oben gilt so oder so weiter.', use: 'Änderungen lesen, sobald Salesforce sie meldet',
    state: { off: 'Aus', connecting: 'Verbindet sich', following: 'In Gebrauch', 'fallen-back': 'Zurzeit nicht in Gebrauch' },
    needs: 'Ein Admin wählt die Objekte bei Salesforce unter Setup, Change Data Capture; Ihr Benutzer braucht dafür „Alle anzeigen“.', noneYet: 'Seither hat sich bei Salesforce nichts geändert.', heard: 'keine Änderungen gemeldet | 1 Änderung gemeldet, {time} | {n} Änderungen gemeldet, die letzte {time}',
    cause: {
      interrupted: 'Die Leitung zu Salesforce wurde unterbrochen; sie kommt von selbst wieder.', 'allocation-used-up': 'Die Org hat ihre Änderungsereignisse des Tages verbraucht.', 'not-offered': 'Die Org hat kein Change Data Capture, oder Ihr Benutzer darf es nicht nutzen.',
      paused: 'Die Verbindung ist angehalten.', 'consent-required': 'Die Verbindung wartet, bis sie neu hergestellt wird.',
    },
    again: 'Es wird wieder versucht: {time}.', turnedOn: 'Eingeschaltet.', turnedOff: 'Ausgeschaltet. Nur der Zeitplan liest.',
  },
  hold: {
    title: 'Das Lesen wartet', reserved: 'Die Org hat so viele ihrer API-Aufrufe verbraucht, dass der Rest anderen Werkzeugen bleibt.', run: 'Der letzte Abgleich hat so viele API-Aufrufe gemacht, wie einer machen darf. Der nächste geht dort weiter.', daily: 'Die Org hat alle API-Aufrufe von 24 Stunden verbraucht; Salesforce antwortet vorerst niemandem.',
    until: 'Es geht von selbst weiter: {left}, um {time}.', soon: 'Es geht jeden Moment von selbst weiter.', open: 'API-Budget ansehen',
  },
};
