import type { DoctorCheck, DoctorReport } from '@tributary/api-contracts';
import { checkAccessToken, checkAppInstalled, checkEgress, checkFiveGrants, checkRefreshToken, checkScopes } from './check-access.ts';
import { checkCertificate } from './check-certificate.ts';
import { checkCallback, checkClock, checkLoginHost } from './check-login.ts';
import { checkApiEnabled, checkApiHeadRoom, checkApiVersion, checkBulk, checkFields, checkObjects, checkOrganization, checkWriteAbility } from './check-org.ts';
import type { Findings } from './facts.ts';
import { textForAdmin } from './text-for-admin.ts';
import type { Check } from './verdict.ts';

/** Every check, in the order in which the way from the person to their data is walked. */
export const checks: readonly Check[] = [
  checkLoginHost, checkCallback, checkClock, checkAppInstalled, checkScopes, checkAccessToken, checkRefreshToken, checkCertificate, checkEgress,
  checkApiEnabled, checkApiHeadRoom, checkObjects, checkFields, checkBulk, checkApiVersion, checkOrganization, checkFiveGrants, checkWriteAbility,
];

/** Judges what was found. */
export function diagnose(findings: Findings, at: Date): DoctorReport {
  const results = checks.map((check) => check(findings));
  return { at: at.toISOString(), outcome: worst(results), checks: results, textForAdmin: textForAdmin(results, findings.own, at) };
}

function worst(results: readonly DoctorCheck[]): DoctorReport['outcome'] {
  const outcomes = new Set(results.map(({ outcome }) => outcome));
  return outcomes.has('fail') ? 'fail' : outcomes.has('warn') ? 'warn' : 'ok';
}
