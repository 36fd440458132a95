import type { Attention } from '@tributary/api-contracts';
import { describeCause, type AuthCause, type AuthVerdict } from '@tributary/salesforce-client';

/** Why no access came by assertion: what Salesforce names, and what is missing here. */
export type JwtCause = AuthCause | 'no-signing-key' | 'certificate-expired' | 'session-policy' | 'host-refused' | 'wrong-site';

export interface JwtTrouble {
  readonly cause: JwtCause;
  readonly who: Attention['who'];
  readonly text: string;
  /** Whether trying again without a change may help. */
  readonly verdict: Exclude<AuthVerdict, 'busy'>;
}

const ownCauses = {
  'no-signing-key': { who: 'operator', text: 'There is no certificate at Salesforce yet that assertions could be signed under.', verdict: 'final' },
  'certificate-expired': { who: 'operator', text: 'The certificate that assertions are signed under has expired.', verdict: 'final' },
  'session-policy': { who: 'admin', text: 'Salesforce gives the session it has just rejected once more: an IP lock, a session policy or API access control is at work.', verdict: 'final' },
  'host-refused': { who: 'operator', text: 'Salesforce named an address that is not a Salesforce address.', verdict: 'final' },
  'wrong-site': { who: 'operator', text: 'The site address does not fit this user: Salesforce takes an assertion for a user of an Experience Cloud site only when it names that site.', verdict: 'final' },
} as const satisfies Record<string, Omit<JwtTrouble, 'cause'>>;

/** Texts that mean something else when an assertion is answered with them. */
const assertionTexts: Partial<Record<JwtCause, string>> = {
  'wrong-audience': 'The audience of the assertion does not fit this org or user: production, sandboxes and Experience Cloud sites have different ones.',
  'certificate-mismatch': 'Salesforce does not know the certificate: the one in the app is not the current one.',
  'identity-changed': 'Salesforce answered for another org or another user; nothing was stored.',
  'revoked-or-unknown': 'Salesforce refused the assertion without saying why.',
};

export function jwtTrouble(cause: JwtCause, verdict: JwtTrouble['verdict'] = 'final'): JwtTrouble {
  if (isOwn(cause)) return { cause, ...ownCauses[cause] };
  const { who, text } = describeCause(cause);
  return { cause, who: cause === 'revoked-or-unknown' ? 'admin' : who, text: assertionTexts[cause] ?? text, verdict };
}

function isOwn(cause: JwtCause): cause is keyof typeof ownCauses {
  return Object.hasOwn(ownCauses, cause);
}

/** Later ones say less: whoever gets to an earlier one has passed the checks behind the later ones. */
const telling: readonly JwtCause[] = [
  'user-inactive', 'org-inactive', 'not-admin-approved', 'user-ip-blocked', 'egress-not-allowlisted', 'login-rate', 'app-blocked', 'app-version-mismatch', 'clock-skew', 'app-not-installed', 'client-id-unknown',
  'host-refused', 'not-pre-authorised', 'certificate-mismatch', 'wrong-audience', 'wrong-site', 'revoked-or-unknown', 'as-unavailable',
];

/** The trouble that says most of several tries. */
export function mostTelling(troubles: readonly JwtTrouble[]): JwtTrouble {
  const rank = ({ cause }: JwtTrouble): number => (telling.indexOf(cause) + telling.length + 1) % (telling.length + 1);
  return troubles.toSorted((a, b) => rank(a) - rank(b))[0] ?? jwtTrouble('no-signing-key');
}

/** Troubles that another host or audience may not have. */
const elsewhere: ReadonlySet<JwtCause> = new Set(['not-pre-authorised', 'wrong-audience', 'wrong-site', 'certificate-mismatch', 'revoked-or-unknown', 'app-not-installed', 'as-unavailable']);

export function mayWorkElsewhere({ cause }: JwtTrouble): boolean {
  return elsewhere.has(cause);
}
