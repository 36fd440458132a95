import { untoldProof, type SignInProof } from '@tributary/api-contracts';

/** Kinds of proof of which two different ones are two factors (RFC 8176). */
const factors: Readonly<Record<string, 'known' | 'held' | 'inherent'>> = {
  pwd: 'known', pin: 'known', kba: 'known', otp: 'held', hwk: 'held', swk: 'held', pop: 'held', sc: 'held', sms: 'held', tel: 'held', mca: 'held', face: 'inherent', fpt: 'inherent', iris: 'inherent', retina: 'inherent', vbm: 'inherent',
};
/** Context classes that mean several factors: OpenID's phishing-resistant ones, and PAPE's. */
const strong: ReadonlySet<string> = new Set(['phr', 'phrh', 'http://schemas.openid.net/pape/policies/2007/06/multi-factor', 'http://schemas.openid.net/pape/policies/2007/06/multi-factor-physical']);

const mostMethods = 20;
const plain = /^[\w.:/-]{1,40}$/;
const longestContext = 200;

/** Reads `amr` and `acr` of a verified id token. What does not look like them is taken for not told. */
export function signInProof({ amr, acr }: { readonly amr?: unknown; readonly acr?: unknown }): SignInProof {
  const methods = (Array.isArray(amr) ? amr : []).filter((method): method is string => typeof method === 'string' && plain.test(method)).slice(0, mostMethods);
  const context = typeof acr === 'string' && acr !== '' && acr.length <= longestContext ? acr : null;
  if (methods.length === 0 && context === null) return untoldProof;
  return { methods, context, secondFactor: secondFactor(methods, context) };
}

/** A context class alone says little: only a known strong one, or a list of methods, tells. */
function secondFactor(methods: readonly string[], context: string | null): boolean | null {
  if (methods.includes('mfa') || (context !== null && strong.has(context))) return true;
  if (methods.length === 0) return null;
  return new Set(methods.flatMap((method) => factors[method] ?? [])).size > 1;
}

/** For the audit log, after `signed in with …`. */
export function proofText({ methods, context, secondFactor: second }: SignInProof): string {
  const told = [...methods, ...(context === null ? [] : [`context ${context}`])].join(', ');
  if (second === null) return told === '' ? '' : ` (${told})`;
  return ` ${second ? 'and a second factor' : 'and no second factor'} (${told})`;
}
