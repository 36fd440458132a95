export const connectEn = {
  title: 'Connect Salesforce', lead: 'Choose where you sign in. Salesforce then asks for your approval; nothing is read before.', where: 'Where do you sign in?',
  demoTitle: 'Demo org', demoText: 'Salesforce is simulated here. The consent, the copy and the figures work exactly as with a real org.', demo: 'Connect the demo org',
  production: 'Production or Developer', productionText: 'login.salesforce.com', sandbox: 'Sandbox', sandboxText: 'test.salesforce.com', domain: 'My Domain', domainText: 'Your org’s own address',
  address: 'Address of your org', addressHint: 'Paste any address of your org, even one from Lightning.', resolved: 'You will sign in at {host}', invalid: 'This is no address of a Salesforce org. It ends in .salesforce.com or .force.com.', go: 'Continue to Salesforce', goText: 'You come back here afterwards.',
  asks: 'What Salesforce will ask you', scope: 'Salesforce says', meaning: 'We use it for', scopeApi: 'Manage user data via APIs', scopeApiUse: 'reading the objects you choose. There is no read-only scope, so our client has no write call.',
  scopeOffline: 'Perform requests at any time', scopeOfflineUse: 'keeping the copy fresh while you are away.', scopeId: 'Access your identity', scopeIdUse: 'knowing who connected, and keeping orgs apart.', more: 'Connect a real org instead', back: 'Back',
};
