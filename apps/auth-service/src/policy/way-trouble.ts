import type { Attention } from '@tributary/api-contracts';
import { troubleOf, type RefreshCause } from '../grant/refresh-outcome.ts';
import { jwtTrouble, type JwtCause } from '../jwt-grant/jwt-trouble.ts';
import type { WayKind } from './choose-way.ts';

/**
 * Actor and sentence of the cause a way in ended with.
 * @param cause what was written down when it ended: always one of ours
 */
export function wayTrouble(kind: WayKind, cause: string): { readonly who: Attention['who']; readonly text: string } {
  const { who, text } = kind === 'jwt' ? jwtTrouble(cause as JwtCause) : troubleOf(cause as RefreshCause);
  return { who, text };
}
