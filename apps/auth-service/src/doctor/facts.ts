import type { ConnectionCore, DoctorFacts, JwtProof, SigningKey } from '@tributary/api-contracts';

/** Something that was looked at, or why it could not be. */
export type Fact<T> = { readonly looked: true; readonly seen: T } | { readonly looked: false; readonly because: { readonly code: string; readonly text: string } };

/** What the login host said of itself. */
export interface LoginHost {
  readonly origin: string;
  readonly kind: 'production' | 'sandbox' | 'my-domain' | 'other';
  readonly status: number;
  /** Null without a discovery document. */
  readonly issuer: string | null;
  /** Its clock minus the database's, in milliseconds; null when it told none. */
  readonly skewMs: number | null;
}

/** What the org says of the person whose access is stored. */
export interface Identified {
  readonly userinfoStatus: number;
  readonly orgId: string;
  readonly userId: string;
  readonly appInstalled: boolean | undefined;
}

/** What is known without asking anybody. */
export interface OwnFacts {
  readonly connection: ConnectionCore;
  readonly clientId: string;
  readonly redirectUri: string;
  readonly requestedScopes: readonly string[];
  /** Scopes of the person's living grant; null without one. */
  readonly grantedScopes: readonly string[] | null;
  /** Successful consents of this Salesforce user within 30 days, all connections counted. */
  readonly consents30d: number;
  /** Causes with which ways in, or the connection, ended or were held within 30 days. */
  readonly recentCauses: readonly string[];
  /** Addresses from which this installation calls, as the operator lists them; empty when not listed. */
  readonly egressAddresses: readonly string[];
  /** When these addresses became others than those listed before, if that was within 30 days. */
  readonly egressChangedAt: Date | null;
  readonly signingKeys: readonly SigningKey[];
}

/** Everything the checks judge. */
export interface Findings {
  readonly own: OwnFacts;
  readonly loginHost: Fact<LoginHost>;
  readonly identity: Fact<Identified>;
  /** What a signed assertion for the connection's own user led to. */
  readonly assertion: Fact<JwtProof>;
  readonly org: Fact<DoctorFacts>;
}
