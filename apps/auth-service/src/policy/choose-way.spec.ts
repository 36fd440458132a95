import type { AccessPolicy } from '@tributary/api-contracts';
import { expect, it } from 'vitest';
import { chooseWay, type Purpose, type WayKind } from './choose-way.ts';

const [both, userOnly, jwtOnly, none] = [{ user: true, jwt: true }, { user: true, jwt: false }, { user: false, jwt: true }, { user: false, jwt: false }];

/** The table of the design: policy, purpose, and the way for both live, consent dead, assertions dead, both dead. */
it.each<[AccessPolicy, Purpose, readonly (WayKind | undefined)[]]>([
  ['hybrid', 'interactive', ['user', 'jwt', 'user', undefined]],
  ['hybrid', 'background', ['jwt', 'jwt', 'user', undefined]],
  ['user', 'interactive', ['user', undefined, 'user', undefined]],
  ['user', 'background', ['user', undefined, 'user', undefined]],
  ['jwt', 'interactive', ['jwt', 'jwt', undefined, undefined]],
  ['jwt', 'background', ['jwt', 'jwt', undefined, undefined]],
])('under %s %s work goes by %j', (policy, purpose, expected) => {
  expect([both, jwtOnly, userOnly, none].map((usable) => chooseWay(policy, purpose, usable)?.kind)).toEqual(expected);
});

it('says when the way is not the first one, and why in plain words', () => {
  expect(chooseWay('hybrid', 'background', both)).toMatchObject({ fallback: false, reason: expect.stringContaining('Work without a person') });
  expect(chooseWay('hybrid', 'background', userOnly)).toMatchObject({ fallback: true, reason: expect.stringContaining('the consent carried on') });
  expect(chooseWay('hybrid', 'interactive', jwtOnly)).toMatchObject({ fallback: true, reason: expect.stringContaining('a signed assertion carried on') });
  expect(chooseWay('user', 'background', both)).toMatchObject({ fallback: false, reason: expect.stringContaining('only') });
});
