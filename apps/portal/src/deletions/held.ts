import type { DeleteCause, HeldDeletions, ObjectDeletions } from '@tributary/api-contracts';
import type { StateLook } from '../shared/tone.ts';

/** An object with rows that are missing at Salesforce and not believed to be deleted. */
export type HeldObject = ObjectDeletions & { readonly held: HeldDeletions };

export function heldOf(objects: readonly ObjectDeletions[]): HeldObject[] {
  return objects.filter((object): object is HeldObject => object.held !== null);
}

/** Objects whose deletions are as sure as each other's, for the same reason. */
export interface EquallySure {
  readonly cause: DeleteCause;
  readonly confidence: ObjectDeletions['confidence'];
  readonly objects: readonly ObjectDeletions[];
}

const order: readonly DeleteCause[] = ['held', 'gap', 'not-loaded', 'not-listed', 'listed', 'read-whole'];

/** What somebody should look at comes first; within a group the order of value is kept. */
export function bySureness(objects: readonly ObjectDeletions[]): EquallySure[] {
  return order.flatMap((cause) => {
    const those = objects.filter((object) => object.cause === cause);
    return those[0] === undefined ? [] : [{ cause, confidence: those[0].confidence, objects: those }];
  });
}

/** An object that was not read whole yet is no reason to worry. */
export function lookOf({ confidence, cause }: Pick<ObjectDeletions, 'confidence' | 'cause'>): StateLook {
  if (cause === 'not-loaded') return { tone: 'off', icon: 'i-lucide-hourglass' };
  return looks[confidence];
}

const looks: Readonly<Record<ObjectDeletions['confidence'], StateLook>> = {
  high: { tone: 'ok', icon: 'i-lucide-circle-check' }, medium: { tone: 'busy', icon: 'i-lucide-calculator' }, low: { tone: 'warn', icon: 'i-lucide-circle-alert' },
};
