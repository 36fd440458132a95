import type { connectEn } from './connect.en.ts';
import type { Texts } from './sections.ts';

export const connectDe: Texts<typeof connectEn> = {
  title: 'Salesforce verbinden', lead: 'Wählen Sie, wo Sie sich anmelden. Salesforce fragt dann nach Ihrer Zustimmung; vorher wird nichts gelesen.', where: 'Wo melden Sie sich an?',
  demoTitle: 'Demo-Org', demoText: 'Salesforce wird hier simuliert. Zustimmung, Kopie und Zahlen arbeiten genau wie mit einer echten Org.', demo: 'Demo-Org verbinden',
  production: 'Produktion oder Developer', productionText: 'login.salesforce.com', sandbox: 'Sandbox', sandboxText: 'test.salesforce.com', domain: 'My Domain', domainText: 'Die eigene Adresse Ihrer Org',
  address: 'Adresse Ihrer Org', addressHint: 'Fügen Sie irgendeine Adresse Ihrer Org ein, auch eine aus Lightning.', resolved: 'Sie melden sich an bei {host}', invalid: 'Das ist keine Adresse einer Salesforce-Org. Sie endet auf .salesforce.com oder .force.com.', go: 'Weiter zu Salesforce', goText: 'Danach kommen Sie hierher zurück.',
  asks: 'Was Salesforce Sie fragen wird', scope: 'Salesforce sagt', meaning: 'Wir benutzen es, um', scopeApi: 'Benutzerdaten über APIs verwalten', scopeApiUse: 'die gewählten Objekte zu lesen. Einen Nur-Lese-Bereich gibt es nicht, deshalb hat unser Client keinen Schreibaufruf.',
  scopeOffline: 'Jederzeit Anforderungen ausführen', scopeOfflineUse: 'die Kopie frisch zu halten, während Sie weg sind.', scopeId: 'Auf Ihre Identität zugreifen', scopeIdUse: 'zu wissen, wer verbunden hat, und Orgs auseinanderzuhalten.', more: 'Stattdessen eine echte Org verbinden', back: 'Zurück',
};
