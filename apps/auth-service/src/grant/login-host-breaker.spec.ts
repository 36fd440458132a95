import { expect, it } from 'vitest';
import { LoginHostBreaker } from './login-host-breaker.ts';

const origin = 'https://login.salesforce.com';

function aBreaker(): { readonly breaker: LoginHostBreaker; readonly at: (ms: number) => void; readonly awake: () => boolean } {
  let now = 0;
  const breaker = new LoginHostBreaker(() => now);
  const awake = (): boolean => {
    try {
      breaker.requireAwake(origin);
      return true;
    } catch {
      return false;
    }
  };
  return { breaker, at: (ms) => void (now = ms), awake };
}
const note = (breaker: LoginHostBreaker, times: number, answered: boolean): void => {
  for (let time = 0; time < times; time += 1) breaker.note(origin, answered);
};

it('rests a host of which half of twenty calls got no answer, and only that host', () => {
  const { breaker, awake } = aBreaker();
  note(breaker, 10, true);
  note(breaker, 9, false);
  expect(awake()).toBe(true);
  breaker.note(origin, false);
  expect(awake()).toBe(false);
  expect(() => breaker.requireAwake('https://test.salesforce.com')).not.toThrow();
  expect(() => breaker.requireAwake(origin)).toThrow(expect.objectContaining({ code: 'LOGIN_HOST_RESTS', retryAfterMs: 10_000 }));
});

it('asks again after ten seconds, with a clean slate', () => {
  const { breaker, at, awake } = aBreaker();
  note(breaker, 20, false);
  at(9_999);
  expect(awake()).toBe(false);
  at(10_000);
  expect(awake()).toBe(true);
  note(breaker, 19, false);
  expect(awake()).toBe(true);
});

it('forgets what is older than thirty seconds', () => {
  const { breaker, at, awake } = aBreaker();
  note(breaker, 19, false);
  at(30_000);
  breaker.note(origin, false);
  expect(awake()).toBe(true);
});
