import type { ServerResponse } from 'node:http';
import { Secret } from '@tributary/failures';
import { expect, it } from 'vitest';
import { aServer, json, rejectionOf, type LocalServer } from '../spec-support/local-server.ts';
import { RetryBudget } from './retry-budget.ts';
import { SalesforceSession } from './session.ts';

const limits = { method: 'GET', path: '/services/data/v66.0/limits' } as const;

/** Sessions of one org, as its objects have them, with what they waited for. */
function sessionsOf({ http, origin }: LocalServer, count: number): { sessions: SalesforceSession[]; pauses: number[] } {
  const pauses: number[] = [];
  const budget = new RetryBudget();
  const source = async () => ({ accessToken: Secret.of('t'), instanceUrl: origin, epoch: 1 });
  return { pauses, sessions: Array.from({ length: count }, () => new SalesforceSession(http, source, undefined, async (ms) => void pauses.push(ms), budget)) };
}

/** So many calls, shared evenly among the sessions. @returns how many had an answer */
async function calls(sessions: readonly SalesforceSession[], each: number): Promise<number> {
  const outcomes = await Promise.all(sessions.map(async (session) => {
    let answered = 0;
    for (let call = 0; call < each; call += 1) answered += await session.text(limits).then(() => 1, () => 0);
    return answered;
  }));
  return outcomes.reduce((sum, answered) => sum + answered, 0);
}

it.each<[string, (response: ServerResponse) => void]>([
  ['503', (response) => json(response, 503, [])],
  ['429 without Retry-After', (response) => json(response, 429, [])],
  ['cut connections', (response) => void response.destroy()],
])('costs Salesforce a tenth more requests at most in a storm of %s, besides the reserve', async (_what, answer) => {
  const server = await aServer((_request, response) => answer(response));
  const { sessions } = sessionsOf(server, 10);
  expect(await calls(sessions, 30)).toBe(0);
  expect(server.requests.length).toBeGreaterThan(300);
  expect(server.requests.length - 300).toBeLessThanOrEqual(30 + 20);
});

it('costs every second call one retry while the reserve lasts, and none of them its answer', async () => {
  let number = 0;
  const server = await aServer((_request, response) => (number++ % 2 === 0 ? json(response, 503, []) : json(response, 200, {})));
  const { sessions } = sessionsOf(server, 1);
  expect(await calls(sessions, 20)).toBe(20);
});

it('has its reserve again after a calm', async () => {
  let calm = false;
  const server = await aServer((_request, response) => (calm ? json(response, 200, {}) : json(response, 503, [])));
  const { sessions: [session] } = sessionsOf(server, 1);
  if (session === undefined) throw new Error('no session');
  await calls([session], 30);
  server.requests.length = 0;
  await rejectionOf(session.text(limits));
  expect(server.requests).toHaveLength(1);
  calm = true;
  await calls([session], 60);
  calm = false;
  server.requests.length = 0;
  await rejectionOf(session.text(limits));
  expect(server.requests).toHaveLength(6);
});

it('waits a random while after a 429 without Retry-After, and what is asked for after one with it', async () => {
  const answers: Record<string, string>[] = [{}, { 'retry-after': '3' }];
  const server = await aServer((_request, response) => (answers.length > 0 ? json(response, 429, [], answers.shift()) : json(response, 200, {})));
  const { sessions, pauses } = sessionsOf(server, 1);
  expect(await calls(sessions, 1)).toBe(1);
  expect(pauses[0]).toBeLessThanOrEqual(1_000);
  expect(pauses[1]).toBeGreaterThanOrEqual(3_000);
  expect(pauses[1]).toBeLessThanOrEqual(5_000);
});
