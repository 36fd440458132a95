import type { DoctorCheck } from '@tributary/api-contracts';
import type { StateLook } from '../shared/tone.ts';

/** What has to be done first comes first. */
export const outcomes = ['fail', 'warn', 'ok', 'skipped'] as const satisfies readonly DoctorCheck['outcome'][];

export const outcomeLooks: Readonly<Record<DoctorCheck['outcome'], StateLook>> = {
  fail: { tone: 'bad', icon: 'i-lucide-circle-x' },
  warn: { tone: 'warn', icon: 'i-lucide-triangle-alert' },
  ok: { tone: 'ok', icon: 'i-lucide-circle-check' },
  skipped: { tone: 'off', icon: 'i-lucide-circle-dashed' },
};

export interface CheckGroup {
  readonly outcome: DoctorCheck['outcome'];
  readonly checks: readonly DoctorCheck[];
}

/** Whoever reads can do their own part first, then that of others. */
const order: readonly DoctorCheck['who'][] = ['user', 'admin', 'operator', 'nobody', null];

/** Checks by outcome, the worst first; groups without any are left out. */
export function groupChecks(checks: readonly DoctorCheck[]): readonly CheckGroup[] {
  return outcomes
    .map((outcome) => ({ outcome, checks: checks.filter((check) => check.outcome === outcome).toSorted((a, b) => order.indexOf(a.who) - order.indexOf(b.who)) }))
    .filter((group) => group.checks.length > 0);
}
