import { Failure, Unavailable } from '@tributary/failures';
import { SalesforceAuthFailure, describeCause, type AuthActor, type AuthCause, type TokenSet } from '@tributary/salesforce-client';
import { deathTexts, type DeathCause } from './cause-of-death.ts';
import type { RefreshSituation } from './refresh-policy.ts';

/** Causes a refresh can end with besides those Salesforce names. */
export type RefreshCause = AuthCause | DeathCause | keyof typeof ownTexts;

export interface Trouble {
  readonly cause: RefreshCause;
  readonly who: AuthActor;
  readonly text: string;
}

/** What presenting a refresh token led to. */
export type RefreshOutcome =
  | { readonly kind: 'refreshed'; readonly tokens: TokenSet }
  /** Sent, and no whole answer: the token may or may not be used up. */
  | { readonly kind: 'lost'; readonly trouble: Trouble }
  | { readonly kind: 'busy' }
  /** Nothing was used up; tried again by itself. */
  | { readonly kind: 'unavailable'; readonly trouble: Trouble; readonly atLeastMs: number }
  | { readonly kind: 'held'; readonly trouble: Trouble }
  /** The grant is dead: only a new consent helps. */
  | { readonly kind: 'rejected'; readonly trouble: Trouble; readonly evidence?: string }
  | { readonly kind: 'admin'; readonly trouble: Trouble; readonly evidence?: string }
  /** The answer is not for this connection: no call with it, ever. */
  | { readonly kind: 'quarantined'; readonly trouble: Trouble }
  /** Concerns every connection of the app: none of them is broken by it. */
  | { readonly kind: 'application'; readonly trouble: Trouble };

const ownTexts = {
  'refresh-uncertain': { who: 'nobody', text: 'The answer to our last refresh was lost on the way. We go on with the present access and ask again.' },
  'app-refused-here': { who: 'admin', text: 'This org refuses our app, which others accept: it was uninstalled or blocked there. A Salesforce admin must install the app in this org.' },
  'refresh-refused': { who: 'nobody', text: 'Salesforce refused to renew the access, but the present one still works. We go on with it and ask again.' },
  'refused-with-others': { who: 'nobody', text: 'Salesforce refused to renew the access, and that of others at the same time. We look again before anybody is asked to reconnect.' },
  'degraded-too-long': { who: 'admin', text: 'Salesforce sign-in has not answered for this connection for more than a day. A Salesforce admin must look at it; we go on trying every hour.' },
  'held-too-long': { who: 'admin', text: 'Salesforce has not let us in for 14 days. A Salesforce admin must look at it; we go on trying every hour.' },
  'session-policy': { who: 'admin', text: 'Salesforce rejects fresh sessions of this user: an IP lock, a session policy or API access control. A Salesforce admin must look at it.' },
  'session-not-for-api': { who: 'admin', text: 'Salesforce does not let this session use the API: an IP restriction or a session policy. A Salesforce admin must look at it; we look again by ourselves.' },
  'app-policy': { who: 'admin', text: 'The policy of the app does not let this user call the API. A Salesforce admin must look at it.' },
  'api-disabled': { who: 'admin', text: 'This edition of Salesforce, or this user, has no API access. A Salesforce admin must enable it.' },
  'password-expired': { who: 'user', text: 'The Salesforce password of this user has expired. Set a new one at Salesforce, then reconnect.' },
  'host-refused': { who: 'operator', text: 'Salesforce named an address that is not a Salesforce address.' },
  ...deathTexts,
} as const satisfies Record<string, { who: AuthActor; text: string }>;

export function troubleOf(cause: RefreshCause): Trouble {
  const { who, text } = Object.hasOwn(ownTexts, cause) ? ownTexts[cause as keyof typeof ownTexts] : describeCause(cause as AuthCause);
  return { cause, who, text };
}

const loginRateMs = 60 * 60_000;

/** Checks an answer against the connection it was asked for. */
export function outcomeOfAnswer(tokens: TokenSet, { orgId, userId }: Pick<RefreshSituation, 'orgId' | 'userId'>): RefreshOutcome {
  if (tokens.orgId !== orgId || tokens.userId !== userId) return { kind: 'quarantined', trouble: troubleOf('identity-changed') };
  if (tokens.scopes.some((scope) => scope === 'full' || scope === 'web')) return { kind: 'admin', trouble: troubleOf('scope-not-registered') };
  return { kind: 'refreshed', tokens };
}

/** Classifies a refresh that gave no tokens. */
export function outcomeOfFailure(error: unknown): RefreshOutcome {
  if (error instanceof SalesforceAuthFailure) return outcomeOfCause(error);
  if (error instanceof Unavailable && error.code !== 'REFRESH_AMBIGUOUS') return { kind: 'unavailable', trouble: troubleOf('as-unavailable'), atLeastMs: 0 };
  if (error instanceof Failure && error.code === 'HOST_NOT_ALLOWED') return { kind: 'quarantined', trouble: troubleOf('host-refused') };
  // Anything not understood may have happened after the request had left.
  return { kind: 'lost', trouble: troubleOf('refresh-uncertain') };
}

function outcomeOfCause({ reason, verdict, who }: SalesforceAuthFailure): RefreshOutcome {
  if (verdict === 'busy') return { kind: 'busy' };
  if (verdict === 'application') return { kind: 'application', trouble: troubleOf(reason) };
  if (verdict === 'transient') return passing(reason);
  if (reason === 'signature-invalid' || reason === 'identity-changed') return { kind: 'quarantined', trouble: troubleOf(reason) };
  return { kind: who === 'user' ? 'rejected' : 'admin', trouble: troubleOf(reason) };
}

function passing(reason: AuthCause): RefreshOutcome {
  if (reason === 'user-ip-blocked' || reason === 'egress-not-allowlisted' || reason === 'org-inactive') return { kind: 'held', trouble: troubleOf(reason) };
  return { kind: 'unavailable', trouble: troubleOf(reason), atLeastMs: reason === 'login-rate' ? loginRateMs : 0 };
}
