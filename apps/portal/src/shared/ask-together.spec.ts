// @vitest-environment happy-dom
import type { QueryAnswer } from '@tributary/api-contracts';
import { afterEach, expect, it, vi } from 'vitest';
import { askTogether } from './ask-together.ts';

afterEach(() => vi.unstubAllGlobals());

interface Request {
  readonly address: string;
  readonly metrics: readonly string[];
  readonly signal: AbortSignal;
  readonly answer: (answers: readonly unknown[]) => void;
  readonly refuse: (code: string) => void;
}

const problem = { type: 'urn:x', title: 'The request is not valid', status: 400, code: 'query.unknown_metric', detail: 'There is no metric b.', correlationId: 'c-1' };

/** A server that answers when the test says so, and holds to aborted requests as a browser does. */
function heldServer(): Request[] {
  const requests: Request[] = [];
  vi.stubGlobal('fetch', (address: string, { body, signal }: { body: string; signal: AbortSignal }) => new Promise<Response>((resolve, reject) => {
    signal.addEventListener('abort', () => reject(new Error('aborted')));
    const { queries } = JSON.parse(body) as { queries: { metrics: string[] }[] };
    requests.push({ address, signal, metrics: queries.flatMap(({ metrics }) => metrics), answer: (answers) => resolve(new Response(JSON.stringify({ answers }))), refuse: (code) => resolve(new Response(JSON.stringify({ ...problem, code }), { status: 400 })) });
  }));
  return requests;
}

function answerOf(value: string): QueryAnswer {
  return {
    columns: [], rows: [{ figure: value }], truncated: false, asOf: { asked: 'now', data: null, version: '1' }, coverage: { status: 'complete', objects: [], notes: [] }, definitions: {},
  };
}

it('asks in one request what is asked at once, and gives each its own outcome', async () => {
  const requests = heldServer();
  const [a, b, elsewhere] = [askTogether('c 1', { metrics: ['a'] }), askTogether('c 1', { metrics: ['b'] }), askTogether('c2', { metrics: ['a'] })];
  await vi.waitUntil(() => requests.length === 2);
  expect(requests.map(({ address, metrics }) => [address, metrics])).toEqual([['/api/connections/c%201/queries', ['a', 'b']], ['/api/connections/c2/queries', ['a']]]);
  requests[0]?.answer([{ answer: answerOf('1.00') }, { problem }]);
  requests[1]?.answer([{ answer: answerOf('2.00') }]);
  expect((await a).rows).toEqual([{ figure: '1.00' }]);
  await expect(b).rejects.toMatchObject({ status: 400, code: 'query.unknown_metric', correlationId: 'c-1' });
  expect((await elsewhere).rows).toEqual([{ figure: '2.00' }]);
});

it('asks no more in one request than the server answers', async () => {
  const requests = heldServer();
  const all = Array.from({ length: 41 }, (_, index) => askTogether('c1', { metrics: [`m${index}`] }));
  await vi.waitUntil(() => requests.length === 2);
  expect(requests.map(({ metrics }) => metrics.length)).toEqual([40, 1]);
  for (const { metrics, answer } of requests) answer(metrics.map((metric) => ({ answer: answerOf(metric) })));
  expect((await Promise.all(all)).map(({ rows }) => rows[0]?.['figure'])).toEqual(Array.from({ length: 41 }, (_, index) => `m${index}`));
});

it('ends the request once nobody wants any of its answers', async () => {
  const requests = heldServer();
  const [first, second] = [new AbortController(), new AbortController()];
  const [a, b] = [askTogether('c1', { metrics: ['a'] }, first.signal), askTogether('c1', { metrics: ['b'] }, second.signal)];
  await vi.waitUntil(() => requests.length === 1);
  const ended = Promise.allSettled([a, b]);
  first.abort();
  expect(requests[0]?.signal.aborted).toBe(false);
  second.abort();
  expect(requests[0]?.signal.aborted).toBe(true);
  expect((await ended).map(({ status }) => status)).toEqual(['rejected', 'rejected']);
});

it('asks in smaller parts when all answers together are too large', async () => {
  const requests = heldServer();
  const all = ['a', 'b', 'c'].map(async (metric) => askTogether('c1', { metrics: [metric] }));
  await vi.waitUntil(() => requests.length === 1);
  requests[0]?.refuse('REPLY_TOO_LARGE');
  await vi.waitUntil(() => requests.length === 3);
  expect(requests.slice(1).map(({ metrics }) => metrics)).toEqual([['a', 'b'], ['c']]);
  for (const { metrics, answer } of requests.slice(1)) answer(metrics.map((metric) => ({ answer: answerOf(metric) })));
  expect((await Promise.all(all)).map(({ rows }) => rows[0]?.['figure'])).toEqual(['a', 'b', 'c']);
});

it('has the problem of the request for each of its questions', async () => {
  const requests = heldServer();
  const all = Promise.allSettled(['a', 'b'].map(async (metric) => askTogether('c1', { metrics: [metric] })));
  await vi.waitUntil(() => requests.length === 1);
  requests[0]?.refuse('dataset.not_ready');
  expect((await all).map((outcome) => (outcome.status === 'rejected' ? outcome.reason : undefined))).toMatchObject([{ code: 'dataset.not_ready' }, { code: 'dataset.not_ready' }]);
  expect(requests).toHaveLength(1);
});

it('has a problem for each question when the server says fewer outcomes', async () => {
  const requests = heldServer();
  const [a, b] = [askTogether('c1', { metrics: ['a'] }), askTogether('c1', { metrics: ['b'] })];
  await vi.waitUntil(() => requests.length === 1);
  requests[0]?.answer([{ answer: answerOf('1.00') }]);
  expect((await a).rows).toHaveLength(1);
  await expect(b).rejects.toMatchObject({ code: 'ANSWER_INVALID' });
});
