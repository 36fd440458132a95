export const welcomeEn = {
  title: 'Your pipeline, with proof.',
  lead: 'Connect Salesforce once. Tributary keeps a read-only copy fresh and turns it into figures that explain themselves: how they are made, how complete they are, and which records stand behind them.',
  demo: 'Connect the demo org', connect: 'Connect Salesforce', demoHint: 'A believable org with about 25,000 records. Nothing leaves this machine.', connectHint: 'You sign in at Salesforce. Your password never reaches us.', other: 'Other ways to connect', or: 'Or sign in with',
  signedOut: 'Sign in to go on where you were; your session has ended or this page needs one.',
  readTitle: 'What is read', read: 'Deals, accounts, leads, activities and the people who own them, with the rights you have in Salesforce. You see every object before and after.',
  neverTitle: 'What is never done', never: 'Nothing is written to Salesforce, ever: the client that talks to it contains no call that could. Access tokens stay encrypted in one service.',
  whoTitle: 'Who can do it', who: 'Anyone who may use apps in the org. If an admin has to allow the app first, we say so and give you the message to send.',
  previewOpen: 'Open pipeline', previewWon: 'Bookings', previewRate: 'Win rate', previewComplete: 'Complete',
};
