import { setImmediate as nextTurn } from 'node:timers/promises';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

/**
 * Collects the garbage, and says whether an object was part of it: nothing in this process refers to it any more.
 * Some of what ran last lets go a turn of the event loop later.
 */
export async function isLetGo(reference: WeakRef<object>): Promise<boolean> {
  setFlagsFromString('--expose-gc');
  const collect = runInNewContext('gc') as () => void;
  for (let turn = 0; turn < 5; turn += 1) {
    await nextTurn();
    collect();
    if (reference.deref() === undefined) return true;
  }
  return false;
}
