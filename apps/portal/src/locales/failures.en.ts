import type { FailureCode } from '../connect/failure-codes.ts';

/** What happened, who can fix it, and how. */
export interface FailureText {
  readonly title: string;
  readonly what: string;
  readonly who: 'you' | 'admin' | 'operator' | 'nobody';
  readonly how: string;
}

export const failuresEn: Readonly<Record<FailureCode, FailureText>> = {
  CONSENT_DENIED: { title: 'You did not allow access', what: 'On the page of Salesforce, access was denied or cancelled.', who: 'you', how: 'Start again and choose “Allow”. If there was no such button, ask an admin of your org whether you may use apps.' },
  STATE_UNKNOWN: { title: 'This answer was not asked for', what: 'Salesforce sent you back with an answer that does not belong to a connection started here, or that was used already.', who: 'you', how: 'Start again from here. Do not use the back button or a bookmark while you are at Salesforce.' },
  STATE_EXPIRED: { title: 'It took too long', what: 'Between the start and the return from Salesforce more time has passed than is allowed.', who: 'you', how: 'Start again; you have 10 minutes to sign in and approve.' },
  BROWSER_DIFFERENT: { title: 'Another browser came back', what: 'The connection was started in another browser or in a private window, so we cannot be sure that it was you.', who: 'you', how: 'Start and finish in the same browser window. Cookies for this site have to be allowed.' },
  CODE_EXPIRED: { title: 'The approval was too old', what: 'Salesforce no longer accepts the approval, because it was used already or has expired.', who: 'you', how: 'Start again and stay on the page until you are back here.' },
  HOST_NOT_ALLOWED: { title: 'This address is not Salesforce', what: 'The sign-in address is not one of Salesforce, or it is not allowed in this installation.', who: 'you', how: 'Check the address of your org: it ends in my.salesforce.com. For a private test system the operator has to allow the address.' },
  SCOPE_MISSING: { title: 'A permission is missing', what: 'Salesforce approved less than is needed to read data while you are away.', who: 'admin', how: 'In Setup, App Manager, give the app the scopes “api”, “refresh_token” and “openid”; then connect again.' },
  SIGNATURE_INVALID: { title: 'The answer could not be verified', what: 'The signature of the answer does not belong to Salesforce. The connection was stopped to protect you.', who: 'operator', how: 'Check the client secret and whether something between here and Salesforce rewrites traffic. Then try again.' },
  IDENTITY_CHANGED: { title: 'Another org or person signed in', what: 'This connection belongs to another org or another user than the one who just signed in.', who: 'you', how: 'Sign out of Salesforce, then reconnect with the user of this connection. To use the other org, add it as a new connection.' },
  APP_BLOCKED: { title: 'The app is blocked in your org', what: 'An admin of your org has blocked this app.', who: 'admin', how: 'In Setup, Connected Apps OAuth Usage, unblock the app; then connect again.' },
  APP_NOT_INSTALLED: { title: 'The app has to be installed first', what: 'Since September 2025 Salesforce lets only some users approve apps that are not installed in the org.', who: 'admin', how: 'In Setup, Connected Apps OAuth Usage, install the app and allow your profile, or give you the permission “Approve Uninstalled Connected Apps”.' },
  NOT_ADMIN_APPROVED: { title: 'You are not on the app’s list', what: 'The app is limited to users an admin has chosen, and you are not one of them.', who: 'admin', how: 'In Setup, open the app’s policies and assign your profile or a permission set to it.' },
  USER_INACTIVE: { title: 'This Salesforce user is not active', what: 'The user is deactivated or frozen.', who: 'admin', how: 'Activate the user in Setup, Users, or sign in as another user.' },
  ORG_INACTIVE: { title: 'The org cannot be used now', what: 'The org is locked, suspended or being moved by Salesforce.', who: 'admin', how: 'Check status.salesforce.com for your instance, or ask Salesforce support.' },
  CALLBACK_INCOMPLETE: { title: 'The answer was incomplete', what: 'Salesforce sent you back without what a sign-in needs.', who: 'you', how: 'Start again from here. If it happens again, give the reference below to whoever runs this installation.' },
  ISSUER_DIFFERENT: { title: 'The answer came from another host', what: 'The answer names another sign-in host than the one you were sent to. The connection was stopped to protect you.', who: 'operator', how: 'Start again. If it happens again, check the sign-in address and whether something between here and Salesforce rewrites traffic.' },
  PKCE_MISMATCH: { title: 'The sign-in could not be verified', what: 'Salesforce could not match the end of the sign-in with its start.', who: 'operator', how: 'Start again. If it lasts, check that the app at Salesforce allows PKCE.' },
  SCOPE_TOO_WIDE: { title: 'The app grants too much', what: 'The app at Salesforce gives more access than reading needs, so it was refused.', who: 'operator', how: 'Remove the scopes “full” and “web” from the app at Salesforce; “openid”, “api” and “refresh_token” are enough.' },
  IDENTITY_UNREADABLE: { title: 'Salesforce did not say who signed in', what: 'The sign-in succeeded, but the person behind it could not be read.', who: 'admin', how: 'Check that the user may use the API and that the app has the scope “openid”; then connect again.' },
  APP_VERSION_MISMATCH: { title: 'The app was updated', what: 'The app in your org is another version than the one that asked.', who: 'admin', how: 'Install or approve the new version of the app in Setup; then connect again.' },
  CLIENT_ID_UNKNOWN: { title: 'Salesforce does not know the app', what: 'The client id of this installation is unknown to Salesforce.', who: 'operator', how: 'Compare SALESFORCE_CLIENT_ID with the app in Setup. A new app needs up to 10 minutes to become known.' },
  CLIENT_SECRET_WRONG: { title: 'The secret of the app is wrong', what: 'Salesforce refused the client secret of this installation.', who: 'operator', how: 'Compare SALESFORCE_CLIENT_SECRET with the app in Setup. After a change of the secret everybody has to connect again.' },
  APP_MISCONFIGURED: { title: 'The app is set up differently', what: 'The app at Salesforce has another callback address or another flow than this installation.', who: 'operator', how: 'Register the address of this installation followed by /connect/salesforce/callback in the app, exactly as it is written, and allow the web server flow.' },
  USER_IP_BLOCKED: { title: 'Our address is outside the allowed range', what: 'Your profile only allows sign-ins from certain network addresses.', who: 'admin', how: 'Add the address of this installation to the login ranges of the profile.' },
  EGRESS_NOT_ALLOWLISTED: { title: 'Our address is missing from the app', what: 'The app at Salesforce only accepts certain network addresses, and ours is not among them.', who: 'operator', how: 'Add the address of this installation to the refresh token allowlist of the app.' },
  PASSWORD_CHANGED_OR_DEACTIVATED: { title: 'Salesforce refused this user', what: 'The password was changed, or the user was deactivated.', who: 'you', how: 'Sign in to Salesforce once to see whether that works; then connect again.' },
  LOGIN_RATE: { title: 'Too many sign-ins', what: 'Salesforce has counted too many sign-ins of this user.', who: 'nobody', how: 'Try again in an hour.' },
  TICKET_INVALID: { title: 'The sign-in was interrupted', what: 'The connection was made, but the last step of the sign-in here was too slow or was repeated.', who: 'you', how: 'Sign in once more. Your connection and its data are kept.' },
  SALESFORCE_UNREACHABLE: { title: 'Salesforce does not answer', what: 'The sign-in host of Salesforce could not be reached from this installation.', who: 'nobody', how: 'Try again in a few minutes. If it lasts, check status.salesforce.com and the network of this installation.' },
  AUTH_UNAVAILABLE: { title: 'Sign-in is not available now', what: 'The part of Tributary that talks to Salesforce is starting or has stopped.', who: 'operator', how: 'Try again in a minute. If it lasts, the operator finds the cause under the reference below.' },
  INTERNAL_ERROR: { title: 'Something went wrong on our side', what: 'Tributary met a problem of its own while it finished the sign-in.', who: 'operator', how: 'Try again. If it happens again, give the reference below to whoever runs this installation.' },
  UNKNOWN: { title: 'Something stopped the connection', what: 'Salesforce or this installation reported a problem that has no text of its own yet.', who: 'operator', how: 'Try again. If it happens again, give the code and the reference below to whoever runs this installation.' },
};
