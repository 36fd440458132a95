/** What happened and how it is put right, by cause code. */
export interface CauseText {
  readonly what: string;
  readonly how: string;
}

export const causesEn = {
  'revoked-or-unknown': { what: 'Salesforce no longer accepts this access: it was revoked, or it expired.', how: 'Reconnect. If it ends again soon, an admin looks at the app’s refresh token policy and at “Connected Apps OAuth Usage”.' },
  'rotation-lost': { what: 'An answer of Salesforce was lost on the way, and the token has been replaced meanwhile.', how: 'Reconnect once. With signed assertions set up, work would have gone on.' },
  'rotation-reuse': { what: 'A refresh token was presented twice, so Salesforce ended all of them. It may have been copied.', how: 'Reconnect, and ask whoever runs this installation whether a copy of it is running.' },
  'idle-timeout': { what: 'The access was not used for 30 days, and Salesforce ended it.', how: 'Reconnect.' },
  'policy-expired': { what: 'The org’s policy ends each access after a fixed time, and that time is over.', how: 'Reconnect. An admin can lengthen it in the app’s policies, “Refresh Token Policy”.' },
  'evicted-by-five-grants': { what: 'Salesforce keeps five approvals per person and app; newer ones have pushed this one out.', how: 'Reconnect here, and disconnect copies of this installation that are no longer used.' },
  'password-changed-or-deactivated': { what: 'The password was changed, or the user was deactivated.', how: 'Sign in to Salesforce once, then reconnect.' },
  'password-expired': { what: 'The Salesforce password has expired.', how: 'Set a new password at Salesforce, then reconnect.' },
  'user-inactive': { what: 'This Salesforce user is deactivated or frozen.', how: 'In Setup, Users, activate or unfreeze the user. Or connect with another user.' },
  'org-inactive': { what: 'The org is locked or suspended.', how: 'An admin asks Salesforce support. It goes on by itself once the org is open.' },
  'sandbox-refreshed': { what: 'The sandbox was refreshed: users and approvals in it are new.', how: 'Reconnect; the copy is compared and continued.' },
  'app-not-installed': { what: 'The app is not installed in the org.', how: 'In Setup, “Connected Apps OAuth Usage”, install the app; then run the check.' },
  'app-refused-here': { what: 'This org refuses the app, which others accept: it was uninstalled or blocked there.', how: 'In Setup, “Connected Apps OAuth Usage”, install or unblock the app; then run the check.' },
  'app-blocked': { what: 'An admin has blocked the app.', how: 'In Setup, “Connected Apps OAuth Usage”, unblock the app; then run the check.' },
  'app-uninstalled-or-blocked': { what: 'Every access to this org ended at once: the app was uninstalled or blocked.', how: 'In Setup, “Connected Apps OAuth Usage”, install or unblock the app; then reconnect.' },
  'app-version-mismatch': { what: 'The app in the org is another version.', how: 'In Setup, install or approve the new version; then run the check.' },
  'not-admin-approved': { what: 'The app is limited to chosen users, and this user is not among them.', how: 'In the app’s policies, assign a permission set that the user has.' },
  'not-pre-authorised': { what: 'The app is not pre-authorised for this user, so signed assertions are refused.', how: 'Assign the app’s permission set to the user, then try again on the page “Access without a person”.' },
  'certificate-mismatch': { what: 'The certificate at Salesforce is not the one we sign with.', how: 'Download the current certificate and upload it to the app; then try again.' },
  'certificate-expired': { what: 'The certificate has ended.', how: 'Make the next key, upload its certificate to the app, and try.' },
  'wrong-audience': { what: 'The sign-in address does not fit this org.', how: 'Check whether the org is production or a sandbox, and reconnect at the right address.' },
  'wrong-site': { what: 'The site address does not fit this user.', how: 'In Setup, Digital Experiences, look up the address of the user’s site and connect again with it.' },
  'user-ip-blocked': { what: 'Our network address is outside the login ranges of the user’s profile.', how: 'Add the address of this installation to the profile’s login ranges. It goes on by itself.' },
  'egress-not-allowlisted': { what: 'Our network address is missing from the app’s allowlist.', how: 'Add the address of this installation to the refresh token allowlist of the app.' },
  'network-containment': { what: 'Salesforce ended this access shortly after the addresses of this installation had changed. For calls through anonymising VPNs or proxies it ends the refresh tokens of a user and freezes the user.', how: 'Whoever runs this installation lets it leave by another address, without a VPN or an anonymising proxy. An admin unfreezes the user in Setup, Users. Then reconnect.' },
  'session-policy': { what: 'Salesforce rejects even fresh sessions of this user.', how: 'An admin looks at session settings: lock to IP, high assurance, API access control. Then run the check.' },
  'app-policy': { what: 'The policy of the app does not let this user call the API.', how: 'An admin looks at the app’s policies: permitted users, and the permission sets or profiles assigned.' },
  'session-not-for-api': { what: 'Sessions of this user may not use the API.', how: 'In the app’s policies, relax the IP restriction, or allow API use in the session policy.' },
  'api-disabled': { what: 'This edition or user has no API access.', how: 'Give the user’s profile or a permission set “API Enabled”.' },
  'daily-quota': { what: 'The org’s API calls of the day are used up.', how: 'It goes on by itself when Salesforce allows calls again.' },
  'maintenance': { what: 'Salesforce is being maintained.', how: 'It goes on by itself. status.salesforce.com tells until when.' },
  'as-unavailable': { what: 'Salesforce’s sign-in does not answer.', how: 'We keep trying; the data stays as it is.' },
  'login-rate': { what: 'Salesforce has counted too many sign-ins of this user.', how: 'We wait an hour and go on by ourselves.' },
  'client-secret-wrong': { what: 'The secret of the app was changed, so nobody’s access can be renewed.', how: 'Set SALESFORCE_CLIENT_SECRET to the app’s present secret and restart.' },
  'client-id-unknown': { what: 'Salesforce does not know the app of this installation.', how: 'Compare SALESFORCE_CLIENT_ID with the app. A new app needs about ten minutes.' },
  'app-misconfigured': { what: 'The app at Salesforce is set up for another flow or callback.', how: 'Enter this installation’s callback address in the app and allow the web server flow.' },
  'clock-skew': { what: 'Our clock and that of Salesforce differ by minutes.', how: 'Set the clock of this machine (NTP).' },
  'scope-not-registered': { what: 'The scopes of the app do not fit: one is missing, or it gives too much.', how: 'In the app’s OAuth settings choose exactly openid, api and refresh_token.' },
  'identity-changed': { what: 'The access answered for another org or user, so it was set aside.', how: 'Reconnect with the user of this connection.' },
  'signature-invalid': { what: 'An answer could not be verified as Salesforce’s.', how: 'Check the client secret and whether something on the way rewrites traffic.' },
  'host-refused': { what: 'Salesforce named an address that is none of Salesforce’s.', how: 'Check the sign-in address and the name resolution of this machine.' },
  'refresh-uncertain': { what: 'The answer to the last renewal was lost on the way.', how: 'We go on with the present access and ask again.' },
  'consent-not-finished': { what: 'The approval was started and not finished.', how: 'See the checklist: Salesforce may have shown an error that never reached us.' },
  'consent-denied': { what: 'The approval was declined.', how: 'Start again when you are ready.' },
} as const satisfies Record<string, CauseText>;

/** A cause with texts of its own. */
export type KnownCause = keyof typeof causesEn;
