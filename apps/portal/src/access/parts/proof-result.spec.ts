// @vitest-environment happy-dom
import type { JwtProof } from '@tributary/api-contracts';
import { mount } from '@vue/test-utils';
import { beforeAll, expect, it, vi } from 'vitest';
import { i18n, withTexts } from '../../app/i18n.ts';
import ProofResult from './ProofResult.vue';

const clientId = `3MVG9${'aB3.x_'.repeat(13)}Z`;
const proof: JwtProof = {
  proven: false, cause: 'certificate-mismatch', who: 'admin', text: 'Salesforce does not know the certificate.', tries: [],
  steps: ['Download the certificate.', `In Salesforce Setup, open the app with the consumer key ${clientId} (compare it whole).`, 'Come back and prove again.'],
};

beforeAll(withTexts(['access'], () => Promise.resolve()));

it('shows the consumer key whole in the step that names it, and copies it', async () => {
  const copied = vi.spyOn(navigator.clipboard, 'writeText').mockResolvedValue();
  const steps = mount(ProofResult, { props: { proof, keyName: (id: string) => id, clientId }, global: { plugins: [i18n] } }).findAll('ol > li');
  expect(steps.map((step) => step.findAll('button').length)).toEqual([0, 1, 0]);
  expect(steps[1]?.text()).toContain(clientId);
  await steps[1]?.get('button').trigger('click');
  expect(copied).toHaveBeenCalledWith(clientId);
});
