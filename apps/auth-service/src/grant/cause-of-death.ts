import type { AuthActor } from '@tributary/salesforce-client';

/** What is known about a grant that Salesforce calls expired, when it says no more than that. */
export interface DeathEvidence {
  /** The outcome of a refresh of this grant was unknown, and has not been learned since. */
  readonly answerLost: boolean;
  /** The presented refresh token had been replaced by an earlier answer. */
  readonly presentedAgain: boolean;
  readonly now: Date;
  readonly createdAt: Date;
  readonly refreshedAt: Date;
  readonly refreshCount: number;
  /** Grants of the same org that ended at the same age, within two per cent. */
  readonly endedAtThisAge: number;
  /** Consents by the same Salesforce user since this grant was made. */
  readonly consentsSince: number;
  /** What Salesforce answered when the present access token was tried. */
  readonly probe: Probed | undefined;
  /** What the identity URL of the user answered; it tells more of a dead access than that it is dead. */
  readonly identity: Probed | undefined;
  /** Other connections refused lately: of this user, of this org, and orgs besides this one. */
  readonly refusedOfUser: number;
  readonly refusedOfOrg: number;
  readonly refusedOrgs: number;
  /** When the addresses we call from became others, as the operator lists them; null when they never did. */
  readonly egressChangedAt: Date | null;
}

export interface Probed {
  readonly status: number;
  readonly text: string;
}

export const deathCauses = [
  'rotation-lost', 'rotation-reuse', 'idle-timeout', 'policy-expired', 'evicted-by-five-grants', 'user-inactive', 'sandbox-refreshed', 'app-uninstalled-or-blocked', 'app-wide-revocation', 'network-containment',
  'revoked-or-unknown',
] as const;
export type DeathCause = (typeof deathCauses)[number];

export const deathTexts: Readonly<Record<DeathCause, { readonly who: AuthActor; readonly text: string }>> = {
  'rotation-lost': { who: 'user', text: 'The answer to a refresh was lost on the way and Salesforce has replaced the token meanwhile. Reconnect once; your data and bookmarks are kept.' },
  'rotation-reuse': { who: 'operator', text: 'A refresh token was presented that had been replaced before; Salesforce then ends the whole grant. The operator must find out where it was used.' },
  'idle-timeout': { who: 'user', text: 'The connection was not used for 30 days and Salesforce ended it. Reconnect.' },
  'policy-expired': { who: 'user', text: "The org's policy ends refresh tokens at this age. Reconnect." },
  'evicted-by-five-grants': { who: 'user', text: 'The same user approved this app more than five times since, and Salesforce ends the oldest approval. Reconnect.' },
  'user-inactive': { who: 'admin', text: 'This Salesforce user is deactivated or frozen.' },
  'sandbox-refreshed': { who: 'user', text: 'The org does not know this connection any more: a sandbox was refreshed or deleted. Connect it again.' },
  'app-uninstalled-or-blocked': { who: 'admin', text: 'Several connections of this org ended at once: an admin has uninstalled or blocked the app.' },
  'app-wide-revocation': { who: 'operator', text: 'Connections of many orgs ended at once: the app itself was revoked or its secret changed.' },
  'network-containment': { who: 'operator', text: 'The addresses we call from changed shortly before. Salesforce ends the refresh tokens of users whose calls come through anonymising VPNs or proxies, and freezes these users. The operator must let calls leave by another address and an admin must unfreeze the user, then reconnect.' },
  'revoked-or-unknown': { who: 'user', text: 'Salesforce no longer accepts this connection: it was revoked, or it expired. Reconnect.' },
};

const dayMs = 24 * 60 * 60_000;
const idleLimitMs = 30 * dayMs;
/** Within this time each grant is refreshed at least once: what lived on after it has another reason to end. */
const egressRecentMs = 7 * dayMs;

/** The first cause that the evidence bears out; the order is that of how much it proves. */
export function causeOfDeath(evidence: DeathEvidence): DeathCause {
  const { now, createdAt, refreshedAt, probe, identity, egressChangedAt } = evidence;
  if (evidence.answerLost) return 'rotation-lost';
  if (evidence.presentedAgain) return 'rotation-reuse';
  if (now.getTime() - refreshedAt.getTime() > idleLimitMs) return 'idle-timeout';
  if (evidence.endedAtThisAge > 0 && now.getTime() - createdAt.getTime() > dayMs) return 'policy-expired';
  if (evidence.consentsSince >= 5) return 'evicted-by-five-grants';
  // Nobody can be deleted at Salesforce: an Id that is unknown is one of an org that is no more.
  const unknown = /wrong_org|bad_id/i.test(identity?.text ?? '');
  if ((identity?.status === 404 && !unknown) || /inactive/i.test(identity?.text ?? '') || evidence.refusedOfUser > 0) return 'user-inactive';
  if (unknown || probe?.status === 404) return 'sandbox-refreshed';
  if (evidence.refusedOfOrg >= 2) return 'app-uninstalled-or-blocked';
  if (evidence.refusedOrgs >= 3) return 'app-wide-revocation';
  return isRecent(egressChangedAt, now) ? 'network-containment' : 'revoked-or-unknown';
}

/** Whether the addresses became others so lately that what ended may have ended because of it. */
export function isRecent(egressChangedAt: Date | null, now: Date): egressChangedAt is Date {
  return egressChangedAt !== null && now.getTime() - egressChangedAt.getTime() <= egressRecentMs;
}

/** One sentence of what the verdict rests on, for the timeline. */
export function evidenceText({ now, createdAt, refreshedAt, refreshCount, probe, identity, egressChangedAt }: DeathEvidence): string {
  const tried = probe === undefined ? 'the present access could not be tried' : `the present access was tried too and answered with ${probe.status}`;
  const asked = identity === undefined || identity.text === probe?.text ? '' : `, the identity of its user with ${identity.status}`;
  const moved = isRecent(egressChangedAt, now) ? `; the addresses we call from changed ${day(egressChangedAt)} (${age(now, egressChangedAt)} ago)` : '';
  return `Approved ${day(createdAt)} (${age(now, createdAt)} ago), refreshed ${refreshCount === 1 ? 'once' : `${refreshCount} times`}, last ${day(refreshedAt)} (${age(now, refreshedAt)} ago); ${tried}${asked}${moved}.`;
}

function day(at: Date): string {
  return `${at.toISOString().slice(0, 16).replace('T', ' ')} UTC`;
}

function age(now: Date, at: Date): string {
  const minutes = Math.max(0, Math.round((now.getTime() - at.getTime()) / 60_000));
  if (minutes < 120) return `${minutes} min`;
  return minutes < 2 * 24 * 60 ? `${Math.round(minutes / 60)} h` : `${Math.round(minutes / 60 / 24)} days`;
}
