import type { DoctorCheck } from '@tributary/api-contracts';
import type { OwnFacts } from './facts.ts';
import { keyInQuestion } from './key-in-question.ts';

/** A message to copy and send: complete in itself. Null when the administrator has nothing to do. */
export function textForAdmin(checks: readonly DoctorCheck[], own: OwnFacts, at: Date): string | null {
  const theirs = checks.filter(({ who, outcome }) => who === 'admin' && (outcome === 'fail' || outcome === 'warn'));
  if (theirs.length === 0) return null;
  const { connection: { org, host, user }, clientId, redirectUri, requestedScopes, egressAddresses, signingKeys } = own;
  const key = keyInQuestion(signingKeys);
  return [
    'Hello,',
    '',
    `the app Tributary copies sales data of the Salesforce org ${org.name ?? host} (${org.id}, ${host}) for analysis, and only reads. It was checked on ${at.toISOString().slice(0, 16).replace('T', ' ')} UTC with the user ${user.username ?? user.name}. The following needs a Salesforce administrator:`,
    '',
    ...theirs.flatMap(({ title, outcome, evidence, fix, link }, index) => [
      `${index + 1}. ${title}${outcome === 'warn' ? ' (advice)' : ''}`, `   Seen: ${evidence}`, ...(fix === null ? [] : [`   Please: ${fix}`]), ...(link === null ? [] : [`   Where: ${link}`]), '',
    ]),
    'Facts about the app, for comparison:',
    '- App: Tributary (External Client App)',
    `- Consumer key (client id): ${clientId}`,
    `- Callback address: ${redirectUri}`,
    `- OAuth scopes: ${requestedScopes.join(', ')}; PKCE required; flows: web server, refresh token${key === undefined ? '' : ', JWT bearer'}`,
    ...(key === undefined ? [] : [`- Certificate fingerprint (SHA-256): ${key.fingerprint}, ends ${key.notAfter.slice(0, 10)}`]),
    `- Calls come from: ${egressAddresses.length === 0 ? 'addresses not listed; please ask the operator' : egressAddresses.join(', ')}`,
    '',
    'Changes to an app take up to 10 minutes. Thank you.',
  ].join('\n');
}
