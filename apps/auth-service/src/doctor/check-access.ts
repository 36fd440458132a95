import type { DoctorCheck } from '@tributary/api-contracts';
import type { Findings } from './facts.ts';
import { count, judged, ok, setUp, skipped, trouble } from './verdict.ts';

const blockedCauses = new Set(['app-blocked', 'app-uninstalled-or-blocked']);

/** Apps that are not installed are refused for most users since September 2025. */
export function checkAppInstalled(findings: Findings): DoctorCheck {
  const name = { code: 'app-installed', title: 'App in the org' };
  const { own, identity } = findings;
  const link = setUp(findings, 'ConnectedAppsUsage/home');
  const cause = own.connection.attention?.cause ?? '';
  if (blockedCauses.has(cause)) return trouble('fail', name, { cause, who: 'admin', evidence: `Salesforce refuses the app ${own.clientId}: an admin blocked or uninstalled it.`, fix: 'Unblock the app under Connected Apps OAuth Usage, or install it.', link });
  if (cause === 'app-not-installed') return trouble('fail', name, { cause, who: 'admin', evidence: `Salesforce refuses the app ${own.clientId}: it is not installed in this org.`, fix: 'Install the app, or give the user the permission "Approve Uninstalled Connected Apps".', link });
  return judged(name, identity, ({ appInstalled }) => {
    if (appInstalled === undefined) return skipped(name, { code: 'NOT_TOLD', text: 'this org does not tell whether the app is installed.' });
    if (appInstalled) return ok(name, `The app ${own.clientId} is installed in the org.`);
    return trouble('warn', name, { cause: 'app-not-installed', who: 'admin', evidence: `The app ${own.clientId} is not installed in the org: this user was let in, others may be refused.`, fix: 'Install the app under Connected Apps OAuth Usage.', link });
  });
}

/** Nothing less than needed, nothing more than asked. */
export function checkScopes({ own }: Findings): DoctorCheck {
  const name = { code: 'scopes', title: 'Granted scopes' };
  const { grantedScopes: granted, requestedScopes: wanted } = own;
  if (granted === null) return skipped(name, { code: 'NO_USER_GRANT', text: 'no consent of a person is stored.' });
  const missing = wanted.filter((scope) => !granted.includes(scope) && !(scope === 'openid' && granted.includes('id')));
  const wide = granted.filter((scope) => scope === 'full' || scope === 'web');
  if (missing.length > 0) return trouble('fail', name, { cause: 'scope-not-registered', who: 'admin', evidence: `Granted: ${granted.join(', ')}. Missing: ${missing.join(', ')}.`, fix: `Add the scopes ${missing.join(' ')} to the app, then connect again.` });
  if (wide.length > 0) return trouble('warn', name, { cause: 'scope-too-wide', who: 'admin', evidence: `Granted more than asked for: ${wide.join(', ')}.`, fix: `Take the scopes ${wide.join(' ')} off the app.` });
  return ok(name, `Granted: ${granted.join(', ')}; asked for: ${wanted.join(', ')}.`);
}

/** The stored access token, tried as it is. */
export function checkAccessToken({ own, identity }: Findings): DoctorCheck {
  const name = { code: 'access-token', title: 'Present access' };
  const { attention, state, ways } = own.connection;
  const life = ways.map(({ shortestLifeMs }) => shortestLifeMs).filter((ms) => ms !== null);
  const observed = life.length === 0 ? 'no end of an access token was seen so far' : `shortest life of an access token seen so far ${count(Math.round(Math.min(...life) / 60_000), 'minute')}`;
  if (state === 'needs_reconsent' || state === 'needs_admin' || state === 'held') {
    return trouble('fail', name, { cause: attention?.cause ?? state, who: attention?.who ?? 'user', evidence: `The connection is in state ${state}: ${attention?.text ?? ''}`.trim(), fix: state === 'needs_reconsent' ? 'Connect again; data and bookmarks are kept.' : attention?.text ?? 'See the connection page.' });
  }
  return judged(name, identity, ({ userinfoStatus }) => {
    if (userinfoStatus === 200) return ok(name, `Salesforce takes the present access token; ${observed}.`);
    return trouble('warn', name, { cause: 'token-expired', who: 'nobody', evidence: `Salesforce no longer takes the present access token (status ${userinfoStatus}); ${observed}.`, fix: 'Nothing: the next work gets a new one by itself. The doctor never refreshes just to look.' });
  });
}

/** The refresh token as it was seen at work; it is never used just to look. */
export function checkRefreshToken({ own }: Findings): DoctorCheck {
  const name = { code: 'refresh-token', title: 'Refresh token' };
  const way = own.connection.ways.find(({ kind }) => kind === 'user');
  if (way === undefined || way.state === 'none') return skipped(name, { code: 'NO_USER_GRANT', text: 'no refresh token is stored.' });
  if (way.state === 'dead') return trouble('fail', name, { cause: way.endedBecause ?? 'revoked-or-unknown', who: 'user', evidence: `The consent ended ${way.endedAt?.slice(0, 16).replace('T', ' ') ?? ''} UTC because: ${way.endedBecause ?? 'unknown'}; it had been refreshed ${count(way.refreshCount, 'time')}.`, fix: 'Connect again; data and bookmarks are kept.' });
  const rotation = way.rotates === null ? 'rotation not seen yet' : way.rotates ? 'Salesforce replaces it each time (rotation on)' : 'Salesforce keeps it (rotation off)';
  return ok(name, `Refreshed ${count(way.refreshCount, 'time')}, last token ${way.lastIssuedAt?.slice(0, 16).replace('T', ' ') ?? 'unknown'} UTC; ${rotation}; kept alive every 7 days, idle limit 30 days.`);
}

/** Where calls come from, compared with refusals that name addresses. */
export function checkEgress(findings: Findings): DoctorCheck {
  const name = { code: 'egress-address', title: 'Addresses we call from' };
  const { egressAddresses: listed, egressChangedAt, recentCauses } = findings.own;
  const changed = egressChangedAt === null ? '' : `, others until ${egressChangedAt.toISOString().slice(0, 16).replace('T', ' ')} UTC`;
  const addresses = listed.length === 0 ? 'the operator has not listed the addresses (TRIBUTARY_EGRESS_ADDRESSES)' : `${listed.join(', ')}${changed}`;
  const give = listed.length === 0 ? 'the addresses this installation calls from' : listed.join(', ');
  if (recentCauses.includes('user-ip-blocked')) return trouble('fail', name, { cause: 'user-ip-blocked', who: 'admin', evidence: `Salesforce refused our address for this user within 30 days; ${addresses}.`, fix: `Add ${give} to the login IP ranges of the user's profile, or relax IP restrictions in the app's policy.`, link: setUp(findings, 'EnhancedProfiles/home') });
  if (recentCauses.includes('egress-not-allowlisted')) return trouble('fail', name, { cause: 'egress-not-allowlisted', who: 'operator', evidence: `The app's allowlist for refresh tokens refused our address within 30 days; ${addresses}.`, fix: `Add ${give} to the refresh-token allowlist of the app.` });
  if (recentCauses.includes('network-containment')) return trouble('fail', name, { cause: 'network-containment', who: 'operator', evidence: `An access ended within 30 days, shortly after our addresses had changed; ${addresses}.`, fix: 'Let calls leave by an address that belongs to no VPN and no anonymising proxy: for calls from such Salesforce ends the refresh tokens of a user and freezes the user. An admin unfreezes the user under Users; then connect again.', link: setUp(findings, 'ManageUsers/home') });
  return ok(name, `No refusal because of an address within 30 days; ${addresses}.`);
}

const riskyConsents = 5;

/** Salesforce keeps five approvals of one app per user and drops the oldest. */
export function checkFiveGrants({ own }: Findings): DoctorCheck {
  const name = { code: 'five-grants', title: 'Approvals of this user' };
  const evidence = `${count(own.consents30d, 'approval')} of this app by this Salesforce user within 30 days through this installation; Salesforce keeps 5.`;
  if (own.consents30d < riskyConsents) return ok(name, evidence);
  return trouble('warn', name, { cause: 'evicted-by-five-grants', who: 'user', evidence, fix: 'Do not connect the same user in more installations of this app; each further approval ends the oldest one.' });
}
