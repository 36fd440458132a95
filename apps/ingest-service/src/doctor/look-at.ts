import type { ProbeFailure } from '@tributary/api-contracts';
import { toFailure } from '@tributary/failures';
import { SalesforceCallFailure } from '@tributary/salesforce-client';

type Looked<T> = { looked: true; seen: T } | { looked: false; because: ProbeFailure };

/** One look; whatever stops it becomes its result, so that the other looks go on. */
export async function lookAt<T>(work: () => Promise<T>): Promise<Looked<T>> {
  try {
    return { looked: true, seen: await work() };
  } catch (error) {
    return { looked: false, because: becauseOf(error) };
  }
}

function becauseOf(error: unknown): ProbeFailure {
  if (error instanceof Error && (error.name === 'AbortError' || error.name === 'TimeoutError')) return { code: 'DOCTOR_TIMEOUT', text: 'Salesforce did not answer in time.' };
  const { code, message } = toFailure(error);
  if (error instanceof SalesforceCallFailure) return { code: error.code, text: message };
  return { code, text: message };
}
