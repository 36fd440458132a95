import { toFailure } from '@tributary/failures';
import type { Fact } from './facts.ts';

/** Whatever stops a look becomes its result, and none takes longer than it may. */
export async function look<T>(work: Promise<T>, withinMs: number): Promise<Fact<T>> {
  const { promise: late, resolve } = Promise.withResolvers<Fact<T>>();
  const timer = setTimeout(() => resolve({ looked: false, because: { code: 'DOCTOR_TIMEOUT', text: `no answer within ${withinMs / 1_000} seconds.` } }), withinMs);
  const done = work.then((seen): Fact<T> => ({ looked: true, seen }), (error: unknown): Fact<T> => {
    const { code, message } = toFailure(error);
    return { looked: false, because: { code, text: message } };
  });
  return Promise.race([done, late]).finally(() => clearTimeout(timer));
}
