import type { Connection } from '@tributary/api-contracts';

/** The next step that brings a connection back, as far as the portal can offer it. */
export type BannerAction = 'reconnect' | 'resume' | 'checklist' | 'jwt' | 'doctor' | 'none';

const byAssertion: readonly string[] = ['not-pre-authorised', 'certificate-mismatch', 'certificate-expired', 'wrong-audience', 'wrong-site'];

/** One step only: that of whoever reads, else the check that says what others have to do. */
export function bannerActionOf({ state, attention, owner }: Pick<Connection, 'state' | 'attention' | 'owner'>): BannerAction {
  if (state === 'purged' || state === 'disconnecting') return 'none';
  if (!owner.isMe) return attention === null ? 'none' : 'doctor';
  if (state === 'paused') return 'resume';
  if (state === 'pending_consent') return 'checklist';
  if (attention !== null && byAssertion.includes(attention.cause)) return 'jwt';
  if (state === 'needs_reconsent' || state === 'disconnected' || attention?.who === 'user') return 'reconnect';
  return attention === null || attention.who === 'nobody' ? 'none' : 'doctor';
}
