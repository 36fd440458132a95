import type { CallPurpose } from '@tributary/api-contracts';

export type { CallPurpose };

/** Calls an org takes only a few of at a time. */
export type CallLane = 'query' | 'download';

/** What is counted by slots: besides calls, the exports that Salesforce is making. */
export type SlotKind = CallLane | 'export';

/** What Salesforce takes of one org at a time, for all its connections and all processes together. */
export const slotWidths: Readonly<Record<SlotKind, number>> = { query: 5, download: 5, export: 10 };

const root = /^\/services\/data\/v\d+\.0\//;
const jobPart: Readonly<Record<string, CallPurpose>> = { results: 'job-results', resultPages: 'job-pages', resultpages: 'job-pages' };

/** What a call is made for, told by method and path alone. */
export function purposeOf(method: string, path: string): CallPurpose {
  if (/^\/services\/data\/?$/.test(path)) return 'versions';
  const [first = '', second = '', third = '', fourth = ''] = path.replace(root, '').split('/');
  if (first === 'limits') return second === 'recordCount' ? 'record-counts' : 'limits';
  // Rows are read by queryAll; its further pages have the address of a query.
  if (first === 'query' && second === '') return 'setup';
  if (first === 'query' || first === 'queryAll') return 'query';
  if (first === 'jobs') return jobPurpose(method, third, fourth);
  if (first !== 'sobjects') return 'other';
  if (second === '') return 'objects';
  return third === 'describe' ? 'describe' : third === 'deleted' || third === 'updated' ? 'deletions' : 'other';
}

function jobPurpose(method: string, jobId: string, part: string): CallPurpose {
  if (method === 'POST') return 'job-create';
  if (method === 'PATCH') return 'job-abort';
  if (method === 'DELETE') return 'job-delete';
  return jobId === '' ? 'job-state' : (jobPart[part] ?? 'job-state');
}

/** Lane in which a call waits; undefined for calls that end at once. */
export function laneOf(purpose: CallPurpose): CallLane | undefined {
  if (purpose === 'query' || purpose === 'count') return 'query';
  return purpose === 'job-results' ? 'download' : undefined;
}

/** Whether a call is allowed even when no calls are left to spend: giving back what others would pay for. */
export function isTidying(purpose: CallPurpose): boolean {
  return purpose === 'job-abort' || purpose === 'job-delete';
}
