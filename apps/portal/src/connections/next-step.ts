/** What is tried next with an object that is not complete, by the code of its reason. */
export type NextStep = 'again' | 'whenFree' | 'access' | 'decide' | 'fewer' | 'retry';

const byCode: Readonly<Record<string, NextStep>> = {
  RECEIPT_DISAGREES: 'again', DELETIONS_HELD: 'decide', API_BUDGET_SHED: 'whenFree', API_BUDGET_RESERVED: 'whenFree', API_BUDGET_RUN: 'whenFree', REQUEST_LIMIT_EXCEEDED: 'whenFree',
  INSUFFICIENT_ACCESS: 'access', INSUFFICIENT_ACCESS_OR_READONLY: 'access', FORBIDDEN: 'access', OPERATION_NOT_ALLOWED: 'access', FUNCTIONALITY_NOT_ENABLED: 'access', INVALID_TYPE: 'access',
  ROW_TOO_WIDE: 'fewer', TOO_MANY_FIELDS: 'fewer',
};

/** Every reason has a next step: at the least the next sync tries again. */
export function nextStepOf(code: string): NextStep {
  return Object.hasOwn(byCode, code) ? (byCode[code] ?? 'retry') : 'retry';
}
