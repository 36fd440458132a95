import type { DeleteSource, ObjectDeletions } from '@tributary/api-contracts';

/** What is known of how an object's deletions are found. */
export interface KnownOfDeletions {
  readonly sources: readonly DeleteSource[];
  readonly isLoaded: boolean;
  readonly isHeld: boolean;
  /** A comparison of all Ids is due, because the list of deletions had a gap. */
  readonly isSweepDue: boolean;
}

/** How sure it is that every deletion is known, and why. */
export function deleteConfidence({ sources, isLoaded, isHeld, isSweepDue }: KnownOfDeletions): Pick<ObjectDeletions, 'confidence' | 'cause' | 'because'> {
  if (!isLoaded) return { confidence: 'low', cause: 'not-loaded', because: 'The object was not read whole yet.' };
  if (isHeld) return { confidence: 'low', cause: 'held', because: 'Many rows are missing at Salesforce at once and wait for somebody to confirm that they are gone.' };
  if (isSweepDue) return { confidence: 'low', cause: 'gap', because: 'The list of deletions has a gap; the next run compares all Ids.' };
  if (sources.includes('full-read')) return { confidence: 'high', cause: 'read-whole', because: 'Every run reads the whole object, so that what is absent is known to be gone.' };
  if (sources.includes('list-of-deletions')) return { confidence: 'high', cause: 'listed', because: 'Salesforce lists its deletions, and all Ids are compared every week.' };
  return { confidence: 'medium', cause: 'not-listed', because: 'Salesforce keeps no list of its deletions: rows purged without a trace are found by counting at each run and by comparing all Ids.' };
}
