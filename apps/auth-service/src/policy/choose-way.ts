import type { AccessPolicy } from '@tributary/api-contracts';

export type WayKind = 'user' | 'jwt';

/** Whether a person waits for the answer, or work goes on by itself. */
export type Purpose = 'interactive' | 'background';

export interface Choice {
  readonly kind: WayKind;
  /** Whether the way that would have been first is not there. */
  readonly fallback: boolean;
  /** One sentence for people. */
  readonly reason: string;
}

/** Order of the ways by policy and purpose; what is not named is not used. */
const order: Readonly<Record<AccessPolicy, Readonly<Record<Purpose, readonly WayKind[]>>>> = {
  user: { interactive: ['user'], background: ['user'] },
  jwt: { interactive: ['jwt'], background: ['jwt'] },
  hybrid: { interactive: ['user', 'jwt'], background: ['jwt', 'user'] },
};

/**
 * The way a token is lent by.
 * @param usable which ways can give a token now
 * @returns undefined when none of the policy's ways can
 */
export function chooseWay(policy: AccessPolicy, purpose: Purpose, usable: Readonly<Record<WayKind, boolean>>): Choice | undefined {
  const [first, second] = order[policy][purpose];
  if (first !== undefined && usable[first]) return { kind: first, fallback: false, reason: second === undefined ? onlyReasons[first] : firstReasons[first] };
  if (second !== undefined && usable[second]) return { kind: second, fallback: true, reason: fallbackReasons[second] };
  return undefined;
}

const onlyReasons: Readonly<Record<WayKind, string>> = {
  user: 'The policy of this connection uses the consent of its person only.',
  jwt: 'The policy of this connection uses signed assertions only.',
};

const firstReasons: Readonly<Record<WayKind, string>> = {
  user: 'A person was waiting: the consent goes first, so that the person sees what they may see.',
  jwt: 'Work without a person: signed assertions go first, because no refresh token can be lost with them.',
};

const fallbackReasons: Readonly<Record<WayKind, string>> = {
  user: 'Signed assertions gave no access at that moment, so the consent carried on.',
  jwt: 'The consent gave no access at that moment, so a signed assertion carried on.',
};
