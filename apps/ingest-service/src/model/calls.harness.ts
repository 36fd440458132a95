import type { Fault, FaultAnswer } from '@tributary/salesforce-simulator';
import type { Mishap, Place, RunStep } from './scenario.harness.ts';

const callsAt: Readonly<Record<Place, Fault['match']>> = {
  any: { path: /^\/services\/data\/v/ }, objects: { path: /\/sobjects\/?$/ }, describe: { path: /\/describe\/?$/ }, query: { path: /\/queryAll$/ }, 'next page': { path: /\/query(All)?\/\w/ },
  'job made': { path: /\/jobs\/query$/, method: 'POST' }, 'job state': { path: /\/jobs\/query\/\w+$/, method: 'GET' }, 'result page': { path: /\/results$/ }, deletions: { path: /\/deleted\/?$/ },
};

/** The calls that a step names. */
export function callsOf({ at, nth, times = 1 }: { readonly at: Place; readonly nth: number; readonly times?: number }): Fault['match'] {
  return { ...callsAt[at], host: 'org', nth, times };
}

export function answerOf(what: Mishap): FaultAnswer {
  switch (what) {
    case '500': return { status: 500, body: 'gone' };
    case '401': return refusal(401, 'INVALID_SESSION_ID', 'Session expired or invalid');
    case '404': return refusal(404, 'NOT_FOUND', 'The requested resource does not exist');
    case 'query timeout': return refusal(400, 'QUERY_TIMEOUT', 'Your query request was running for too long.');
    case 'cursor lost': return refusal(400, 'INVALID_QUERY_LOCATOR', 'invalid query locator');
    case 'reset': return 'reset';
    case 'answer lost': return 'lose-response';
    case 'cut': return { afterBytes: 40 };
    case 'rows left out': return { truncateRows: 1 };
    case 'half a body': return { tamper: (body) => body.slice(0, Math.floor(body.length / 2)) };
    case 'nothing': return { status: 200, headers: { 'content-type': 'application/json' }, body: '' };
    default: return what satisfies never;
  }
}

function refusal(status: number, errorCode: string, message: string): FaultAnswer {
  return { status, headers: { 'content-type': 'application/json' }, body: JSON.stringify([{ message, errorCode }]) };
}

const messages: Readonly<Record<RunStep['failedJobs'][number], string | null>> = {
  timeout: 'Your query request was running for too long. QUERY_TIMEOUT', unexpected: 'Unexpected exception encountered in query processing. Please contact support with the following id: 326566388-63578', silent: null,
};

/** Exports that Salesforce fails, as the simulator wants them. */
export function failuresOf(jobs: RunStep['failedJobs']): { message: string | null; times: number }[] {
  return jobs.map((job) => ({ message: messages[job], times: 1 }));
}
