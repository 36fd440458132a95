import type { HeldDeletions, ObjectDeletions } from '@tributary/api-contracts';
import type { StateLook } from '../shared/tone.ts';

/** An object with rows that are missing at Salesforce and not believed to be deleted. */
export type HeldObject = ObjectDeletions & { readonly held: HeldDeletions };

export function heldOf(objects: readonly ObjectDeletions[]): HeldObject[] {
  return objects.filter((object): object is HeldObject => object.held !== null);
}

const order: readonly ObjectDeletions['confidence'][] = ['low', 'medium', 'high'];

/** What somebody should look at comes first; else the order of value is kept. */
export function leastSureFirst(objects: readonly ObjectDeletions[]): ObjectDeletions[] {
  return objects.toSorted((a, b) => order.indexOf(a.confidence) - order.indexOf(b.confidence));
}

/** An object that was not read whole yet is no reason to worry. */
export function lookOf({ confidence, cause }: Pick<ObjectDeletions, 'confidence' | 'cause'>): StateLook {
  if (cause === 'not-loaded') return { tone: 'off', icon: 'i-lucide-hourglass' };
  return looks[confidence];
}

const looks: Readonly<Record<ObjectDeletions['confidence'], StateLook>> = {
  high: { tone: 'ok', icon: 'i-lucide-circle-check' }, medium: { tone: 'busy', icon: 'i-lucide-calculator' }, low: { tone: 'warn', icon: 'i-lucide-circle-alert' },
};
