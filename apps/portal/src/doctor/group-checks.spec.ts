import type { DoctorCheck } from '@tributary/api-contracts';
import { expect, it } from 'vitest';
import { groupChecks } from './group-checks.ts';

function aCheck(code: string, outcome: DoctorCheck['outcome'], who: DoctorCheck['who'] = null): DoctorCheck {
  return { code, title: code, outcome, cause: null, who, evidence: '', fix: null, link: null };
}

it('puts what has to be fixed first and leaves out what there is none of', () => {
  const groups = groupChecks([aCheck('host', 'ok'), aCheck('app', 'fail', 'admin'), aCheck('clock', 'ok')]);
  expect(groups.map(({ outcome, checks }) => [outcome, checks.map(({ code }) => code)])).toEqual([['fail', ['app']], ['ok', ['host', 'clock']]]);
});

it('shows in each group first what the reader can do', () => {
  const [group] = groupChecks([aCheck('secret', 'fail', 'operator'), aCheck('app', 'fail', 'admin'), aCheck('password', 'fail', 'user')]);
  expect(group?.checks.map(({ code }) => code)).toEqual(['password', 'app', 'secret']);
});
