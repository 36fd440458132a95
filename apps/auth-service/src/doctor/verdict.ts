import type { DoctorCheck } from '@tributary/api-contracts';
import type { Fact, Findings } from './facts.ts';

/** A pure check: facts in, one line of the report out. */
export type Check = (findings: Findings) => DoctorCheck;

type Named = Pick<DoctorCheck, 'code' | 'title'>;
type Trouble = Pick<DoctorCheck, 'cause' | 'who' | 'evidence' | 'fix'> & { readonly link?: string };

export function ok(name: Named, evidence: string): DoctorCheck {
  return { ...name, outcome: 'ok', cause: null, who: null, evidence, fix: null, link: null };
}

export function trouble(outcome: 'warn' | 'fail', name: Named, { link, ...found }: Trouble): DoctorCheck {
  return { ...name, outcome, ...found, link: link ?? null };
}

/** A check that could not run says why; that is no verdict. */
export function skipped(name: Named, { code, text }: { readonly code: string; readonly text: string }): DoctorCheck {
  return { ...name, outcome: 'skipped', cause: code.toLowerCase().replaceAll('_', '-'), who: null, evidence: `Not checked: ${text}`, fix: null, link: null };
}

/** Judges what was seen; what could not be looked at is skipped. */
export function judged<T>(name: Named, fact: Fact<T>, judge: (seen: T) => DoctorCheck): DoctorCheck {
  return fact.looked ? judge(fact.seen) : skipped(name, fact.because);
}

/** Page of the org's set-up. */
export function setUp({ own }: Findings, page: string): string {
  return `https://${own.connection.host}/lightning/setup/${page}`;
}

export function count(n: number, one: string, many = `${one}s`): string {
  return `${n.toLocaleString('en-US')} ${n === 1 ? one : many}`;
}
