import type { metricsEn } from './metrics.en.ts';
import type { Texts } from './sections.ts';

export const metricsDe: Texts<typeof metricsEn> = {
  title: 'Kennzahlen', lead: 'Jede Zahl in Tributary kommt aus einer dieser Definitionen. Eine Kennung ändert nie ihre Bedeutung: eine geänderte Definition bekommt eine neue Version.', search: 'Kennzahl finden', none: 'Keine Kennzahl passt.', formula: 'Formel', time: 'Zeitraum nach', needs: 'Braucht', dimensions: 'Gruppieren nach', trap: 'Fehler, den andere machen', version: 'Version {n}', units: { money: 'Geld', count: 'Anzahl', ratio: 'Quote', days: 'Tage' },
};
