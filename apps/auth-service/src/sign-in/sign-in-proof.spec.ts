import { describe, expect, it } from 'vitest';
import { proofText, signInProof } from './sign-in-proof.ts';

describe('what a provider says of the proof', () => {
  it.each<[string, { amr?: unknown; acr?: unknown }, boolean | null, string]>([
    ['is nothing', {}, null, ''],
    ['is a password alone', { amr: ['pwd'] }, false, ' and no second factor (pwd)'],
    ['is a password and a one-time code', { amr: ['pwd', 'otp'] }, true, ' and a second factor (pwd, otp)'],
    ['is two things one holds, which is one factor', { amr: ['otp', 'hwk'] }, false, ' and no second factor (otp, hwk)'],
    ['is several factors by its own word', { amr: ['mfa'] }, true, ' and a second factor (mfa)'],
    ['is a phishing-resistant context', { acr: 'phrh' }, true, ' and a second factor (context phrh)'],
    ['is a context of its own, which tells nothing', { acr: '0' }, null, ' (context 0)'],
    ['is no list of methods', { amr: 'pwd' }, null, ''],
    ['holds what is no method', { amr: ['pwd', '<script>', 7, 'x'.repeat(41)] }, false, ' and no second factor (pwd)'],
  ])('%s', (_what, claims, second, text) => {
    const proof = signInProof(claims);
    expect([proof.secondFactor, proofText(proof)]).toEqual([second, text]);
  });
});
