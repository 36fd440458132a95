import type { DoctorCheck } from '@tributary/api-contracts';
import type { Findings } from './facts.ts';
import { count, judged, ok, skipped, trouble } from './verdict.ts';

const skewLimitMs = 60_000;

/** The login address is allowed, answers over TLS, is of the right kind and says so itself. */
export function checkLoginHost({ loginHost, own }: Findings): DoctorCheck {
  const name = { code: 'login-host', title: 'Login address' };
  const { loginOrigin, org } = own.connection;
  if (!loginHost.looked) {
    const refused = loginHost.because.code === 'HOST_NOT_ALLOWED';
    return trouble('fail', name, {
      cause: refused ? 'host-refused' : 'as-unavailable', who: refused ? 'operator' : 'nobody', evidence: `${loginOrigin}: ${loginHost.because.text}`,
      fix: refused ? 'Connect again with login.salesforce.com, test.salesforce.com or the My Domain address that ends in .my.salesforce.com.' : 'Nothing to do if this passes by itself; otherwise look at status.salesforce.com and at the network of this installation.',
    });
  }
  const { status, issuer, kind } = loginHost.seen;
  if (status >= 500) return trouble('fail', name, { cause: 'as-unavailable', who: 'nobody', evidence: `${loginOrigin} answers with status ${status}.`, fix: 'Salesforce sign-in is not available; work goes on by itself when it is.' });
  if (issuer !== null && !sameOrigin(issuer, loginOrigin)) {
    return trouble('warn', name, { cause: 'issuer-differs', who: 'user', evidence: `${loginOrigin} calls itself ${issuer}.`, fix: `Connect again with ${issuer} as login address.` });
  }
  if ((kind === 'production' && org.kind === 'sandbox') || (kind === 'sandbox' && org.kind === 'production')) {
    return trouble('fail', name, { cause: 'wrong-environment', who: 'user', evidence: `${loginOrigin} is for ${kind} orgs, and this org is of kind ${org.kind}.`, fix: `Connect again at ${org.kind === 'sandbox' ? 'test.salesforce.com' : 'login.salesforce.com'}.` });
  }
  return ok(name, `${loginOrigin} answers with a valid certificate${issuer === null ? '' : ` and calls itself ${issuer}`}; kind ${kind}, org ${org.kind}.`);
}

/** What this installation registers at Salesforce. */
export function checkCallback({ own }: Findings): DoctorCheck {
  const name = { code: 'callback', title: 'Callback address and PKCE' };
  const { protocol, hostname } = new URL(own.redirectUri);
  const loopback = hostname === 'localhost' || hostname === '127.0.0.1' || hostname === '[::1]';
  if (protocol !== 'https:' && !loopback) {
    return trouble('fail', name, { cause: 'callback-not-registered', who: 'operator', evidence: `The callback address is ${own.redirectUri}: Salesforce takes only https there.`, fix: 'Set TRIBUTARY_PUBLIC_URL to the https address people use.' });
  }
  if (own.recentCauses.includes('callback-not-registered') || own.recentCauses.includes('pkce-mismatch')) {
    return trouble('warn', name, { cause: 'callback-not-registered', who: 'admin', evidence: `Within 30 days Salesforce refused the callback address ${own.redirectUri} or the PKCE proof.`, fix: `Register exactly ${own.redirectUri} in the app; changes take up to 10 minutes.` });
  }
  return ok(name, `${own.redirectUri}, PKCE with S256 in every sign-in; last consent ${own.connection.createdAt.slice(0, 10)}.`);
}

/** Signed messages carry times: a clock that is wrong breaks them. */
export function checkClock({ loginHost }: Findings): DoctorCheck {
  const name = { code: 'clock-skew', title: 'Clocks' };
  return judged(name, loginHost, ({ skewMs, origin }) => {
    if (skewMs === null) return skipped(name, { code: 'NO_DATE', text: `${origin} did not tell its time.` });
    const seconds = Math.round(Math.abs(skewMs) / 1_000);
    const evidence = `The clock of this installation is ${count(seconds, 'second')} ${skewMs > 0 ? 'behind' : 'ahead of'} Salesforce's.`;
    if (Math.abs(skewMs) <= skewLimitMs) return ok(name, seconds === 0 ? 'The clocks agree to the second.' : evidence);
    return trouble('warn', name, { cause: 'clock-skew', who: 'operator', evidence, fix: 'Set the clock of the machine by NTP; signed assertions fail when it is off by more than three minutes.' });
  });
}

function sameOrigin(issuer: string, origin: string): boolean {
  return URL.parse(issuer)?.origin === new URL(origin).origin;
}
