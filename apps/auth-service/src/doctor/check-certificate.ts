import type { DoctorCheck, JwtProof, SigningKey, WayIn } from '@tributary/api-contracts';
import type { Findings, OwnFacts } from './facts.ts';
import { keyInQuestion } from './key-in-question.ts';
import { count, ok, skipped, trouble } from './verdict.ts';

const name = { code: 'certificate', title: 'Signed assertions and certificate' };
const soonDays = 30;
const mayHelp = 'Download the current certificate under signing keys, upload it to the app, and try it with "Test access without me".';

/** The way in without the person: the certificate, and what Salesforce said just now to an assertion signed with its key. */
export function checkCertificate({ own, assertion }: Findings): DoctorCheck {
  const key = keyInQuestion(own.signingKeys);
  const way = own.connection.ways.find(({ kind }) => kind === 'jwt');
  if (key === undefined) return withoutKey(own, way);
  const { username } = own.connection.user;
  const facts = `Certificate ${key.fingerprint}, ends ${key.notAfter.slice(0, 10)} (${count(key.daysLeft, 'day')} left); subject ${username ?? 'unknown'}`;
  if (key.daysLeft === 0) return trouble('fail', name, { cause: 'certificate-expired', who: 'admin', evidence: `${facts}.`, fix: mayHelp });
  if (username === null) return trouble('fail', name, { cause: 'subject-unknown', who: 'user', evidence: `${facts}: Salesforce did not tell the username.`, fix: 'Connect again once, so that the username is read anew.' });
  if (!assertion.looked) return trouble('warn', name, { cause: 'assertion-not-tried', who: 'user', evidence: `${facts}; not tried: ${assertion.because.text}`, fix: 'Run the doctor again, or try it with "Test access without me".' });
  return answered(assertion.seen, { facts, key, way });
}

function withoutKey({ signingKeys }: OwnFacts, way: WayIn | undefined): DoctorCheck {
  const expired = signingKeys.find(({ state }) => state === 'expired');
  if (expired !== undefined && way?.state === 'live') return trouble('fail', name, { cause: 'certificate-expired', who: 'admin', evidence: `The certificate ${expired.fingerprint} ended ${expired.notAfter.slice(0, 10)} and there is no other.`, fix: mayHelp });
  return skipped(name, { code: 'NO_SIGNING_KEY', text: 'no signing key is in use; access without the person is not set up.' });
}

/** A refusal is a failure where the way is used, and advice where the person's consent is the only way. */
function answered({ proven, cause, who, text, steps, tries }: JwtProof, { facts, key, way }: { readonly facts: string; readonly key: SigningKey; readonly way: WayIn | undefined }): DoctorCheck {
  if (!proven) {
    const hosts = tries.map(({ host, cause: why }) => `${host}: ${why ?? 'accepted'}`).join(', ');
    return trouble(way === undefined || way.state === 'none' ? 'warn' : 'fail', name, { cause: cause ?? 'unknown', who, evidence: `${facts}; an assertion signed just now${forAudience(tries)} was refused: ${text}${hosts === '' ? '' : ` (${hosts})`}`, fix: steps.join(' ') });
  }
  if (key.daysLeft <= soonDays) return trouble('warn', name, { cause: 'certificate-expiring', who: 'admin', evidence: `${facts}; Salesforce takes its assertions still.`, fix: 'Upload the certificate of the successor to the app before the end; both are tried meanwhile.' });
  if (way?.state !== 'live') return trouble('warn', name, { cause: 'assertion-not-in-use', who: 'user', evidence: `${facts}; an assertion signed just now${forAudience(tries)} was accepted, and this connection does not use it yet.`, fix: 'Switch it on with "Test access without me": the connection then works on when the consent ends.' });
  return ok(name, `${facts}; an assertion signed just now${forAudience(tries)} was accepted.`);
}

/** Salesforce judges an assertion by the audience it names: that of the last try is what was judged. */
function forAudience(tries: JwtProof['tries']): string {
  const audience = tries.at(-1)?.audience;
  return audience === undefined ? '' : ` for the audience ${audience}`;
}
