import type { DoctorCheck } from '@tributary/api-contracts';
import type { Findings } from './facts.ts';
import { count, ok, skipped, trouble } from './verdict.ts';

const soonDays = 30;
const mayHelp = 'Download the current certificate under signing keys, upload it to the app, and try it with "Test access without me".';

/** The way in without the person: certificate, subject, and what became of it when it was tried. */
export function checkCertificate({ own }: Findings): DoctorCheck {
  const name = { code: 'certificate', title: 'Signed assertions and certificate' };
  const key = own.signingKeys.find(({ state }) => state === 'current') ?? own.signingKeys.find(({ state }) => state === 'offered');
  const way = own.connection.ways.find(({ kind }) => kind === 'jwt');
  const username = own.connection.user.username;
  if (key === undefined) {
    const expired = own.signingKeys.find(({ state }) => state === 'expired');
    if (expired !== undefined && way?.state === 'live') return trouble('fail', name, { cause: 'certificate-expired', who: 'admin', evidence: `The certificate ${expired.fingerprint} ended ${expired.notAfter.slice(0, 10)} and there is no other.`, fix: mayHelp });
    return skipped(name, { code: 'NO_SIGNING_KEY', text: 'no signing key is in use; access without the person is not set up.' });
  }
  const facts = `Certificate ${key.fingerprint}, ends ${key.notAfter.slice(0, 10)} (${count(key.daysLeft, 'day')} left); subject ${username ?? 'unknown'}`;
  if (key.daysLeft === 0) return trouble('fail', name, { cause: 'certificate-expired', who: 'admin', evidence: `${facts}.`, fix: mayHelp });
  if (username === null) return trouble('fail', name, { cause: 'subject-unknown', who: 'user', evidence: `${facts}: Salesforce did not tell the username.`, fix: 'Connect again once, so that the username is read anew.' });
  if (way?.state === 'dead') return trouble('fail', name, { cause: way.endedBecause ?? 'certificate-mismatch', who: 'admin', evidence: `${facts}; refused last because: ${way.endedBecause ?? 'unknown'}.`, fix: way.endedBecause === 'not-pre-authorised' ? `Pre-authorise the app for ${username}: permitted users "Admin approved", and the app's permission set assigned to this user.` : mayHelp });
  if (key.daysLeft <= soonDays) return trouble('warn', name, { cause: 'certificate-expiring', who: 'admin', evidence: `${facts}.`, fix: 'Upload the certificate of the successor to the app before the end; both are tried meanwhile.' });
  return ok(name, `${facts}; ${way?.state === 'live' ? `accepted by Salesforce, last ${way.lastIssuedAt?.slice(0, 10) ?? ''}` : 'not tried for this connection yet'}.`);
}
