import type { JwtCause } from './jwt-trouble.ts';

/** What the steps name. */
export interface ProofFacts {
  readonly username: string;
  readonly clientId: string;
  /** SHA-256 of the certificate that has to be at Salesforce; undefined when no key was made yet. */
  readonly fingerprint: string | undefined;
}

/** What to do about a proof that failed, one step each; concrete enough to be handed to a Salesforce administrator. */
export function proofSteps(cause: JwtCause, { username, clientId, fingerprint }: ProofFacts): string[] {
  const app = `In Salesforce Setup, open External Client App Manager and the app with the consumer key ${clientId} (compare it whole).`;
  const again = 'Come back and prove again. Salesforce may need up to ten minutes to apply a change.';
  switch (cause) {
    case 'no-signing-key':
    case 'certificate-expired':
    case 'certificate-mismatch':
      return [
        ...(fingerprint === undefined ? ['Make a signing key here (an owner of the workspace can).'] : []),
        'Download the certificate of the newest signing key here.', app, 'Under Settings → OAuth Settings, switch on "Enable JWT Bearer Flow", upload the certificate and save.',
        ...(fingerprint === undefined ? [] : [`Compare the SHA-256 fingerprint that Salesforce shows: ${fingerprint}`]), again,
      ];
    case 'not-pre-authorised':
      return [app, 'Under Policies → OAuth Policies, set Permitted Users to "Admin approved users are pre-authorized".', `Assign a permission set or profile of ${username} to the app's policies.`, 'Check that the login address of this connection is that of the org (production or sandbox).', again];
    case 'not-admin-approved':
      return [app, `Under Policies → App Policies, add a permission set or profile that ${username} has.`, again];
    case 'app-not-installed':
      return ['A Salesforce administrator must install the app in this org (after a sandbox refresh: once more).', app, again];
    case 'app-blocked':
      return ['A Salesforce administrator must unblock the app under Connected Apps OAuth Usage.', again];
    case 'client-id-unknown':
      return ['The operator must compare SALESFORCE_CLIENT_ID with the consumer key of the app.', 'A new app is known everywhere after about ten minutes.', again];
    case 'user-inactive':
    case 'password-changed-or-deactivated':
      return [`A Salesforce administrator must activate or unfreeze ${username}.`, again];
    case 'user-ip-blocked':
    case 'egress-not-allowlisted':
      return [`A Salesforce administrator must add our outgoing address to the login IP ranges of the profile of ${username}.`, again];
    case 'wrong-audience':
      return ['The operator must check the login address: production and My Domain use login.salesforce.com, sandboxes test.salesforce.com.', `If ${username} is a user of an Experience Cloud site, connect again with the address of that site.`, again];
    case 'wrong-site':
      return [`In Salesforce Setup, open Digital Experiences → All Sites and compare the address of the site ${username} belongs to with the one given here, its path included.`, `If ${username} signs in to the org itself, leave the site out.`, 'Connect again with the right address.'];
    case 'identity-changed':
      return ['The username belongs to another org or user than this connection. Connect that user as a connection of its own.'];
    case 'clock-skew':
      return ['The operator must set the clock of this machine right (NTP).', again];
    case 'session-policy':
      return ['A Salesforce administrator must look at session settings and API access control of the org.', again];
    case 'host-refused':
      return ['The operator must check which address the org answers at; only Salesforce addresses are called.'];
    case 'org-inactive':
      return ['This org is locked or suspended; a Salesforce administrator must have it opened again.', again];
    case 'login-rate':
      return ['Salesforce counts too many sign-ins of this user. Wait an hour.', again];
    case 'as-unavailable':
      return ['Salesforce does not answer at the moment. Nothing has to be changed; try again in some minutes.'];
    default:
      return ['A Salesforce administrator must look at the login history of the user: it names the reason.', again];
  }
}
