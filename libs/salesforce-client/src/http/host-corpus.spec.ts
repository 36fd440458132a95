import { toFailure } from '@tributary/failures';
import { corpusOrigin, hostCorpus } from '@tributary/testing/host-corpus';
import { describe, expect, it } from 'vitest';
import { HostRules } from './host-rules.ts';

const rules = new HostRules({ extraOrigins: [corpusOrigin] });

const refusal = 'invalid-input HOST_NOT_ALLOWED The address given is not a Salesforce address. Use login.salesforce.com, test.salesforce.com or your My Domain such as acme.my.salesforce.com.';

/** `taken`, or kind, code, sentence and advice of the refusal: the same for all, and nothing of the address in it. */
function answerOf(check: () => string): string {
  try {
    return check().startsWith('http') ? 'taken' : 'no origin';
  } catch (error) {
    const { kind, code, message, action } = toFailure(error);
    return [kind, code, message, action].join(' ');
  }
}

describe('the corpus of addresses', () => {
  it.each(hostCorpus)('$address is $verdict: $reason', ({ address, verdict }) => {
    // What a token answer names is a whole origin; a bare host or a pasted page is only ever typed.
    expect(answerOf(() => rules.loginOrigin(address)), 'to sign in').toBe(verdict === 'both' || verdict === 'login' ? 'taken' : refusal);
    expect(answerOf(() => rules.instanceOrigin(address)), 'to read data').toBe(verdict === 'both' || verdict === 'data' ? 'taken' : refusal);
  });

  it('has two hundred different ones and more', () => {
    expect(new Set(hostCorpus.map(({ address }) => address)).size).toBe(hostCorpus.length);
    expect(hostCorpus.length).toBeGreaterThanOrEqual(200);
  });
});
