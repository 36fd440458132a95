// @vitest-environment happy-dom
import { afterEach, expect, it, vi } from 'vitest';
import { api } from './api.ts';
import { ApiProblem, isSignedOut } from './problem.ts';

afterEach(() => vi.unstubAllGlobals());

/** The far side: one answer to whatever is asked. */
function server(answer: () => Response | Promise<Response>): { readonly asked: string[] } {
  const asked: string[] = [];
  vi.stubGlobal('fetch', async (address: string) => {
    asked.push(address);
    return answer();
  });
  return { asked };
}

async function problemOf(call: Promise<unknown>): Promise<ApiProblem> {
  const error: unknown = await call.then(() => undefined, (reason: unknown) => reason);
  if (!(error instanceof ApiProblem)) throw new Error('expected an ApiProblem');
  return error;
}

it('gives code, sentences and correlation id of a problem document', async () => {
  const body = { type: 'about:blank', title: 'Conflict', status: 409, code: 'GRANT_REVOKED', detail: 'The access was revoked.', action: 'Reconnect.', correlationId: 'c-1' };
  server(() => new Response(JSON.stringify(body), { status: 409, headers: { 'content-type': 'application/problem+json' } }));
  expect(await problemOf(api.connections())).toMatchObject({ status: 409, code: 'GRANT_REVOKED', detail: 'The access was revoked.', action: 'Reconnect.', correlationId: 'c-1' });
});

it('tells an answer of an unknown shape from a failure of the server', async () => {
  server(() => new Response('{"connections":[{"id":1}]}', { headers: { 'x-tributary-correlation-id': 'c-2' } }));
  expect(await problemOf(api.connections())).toMatchObject({ code: 'ANSWER_INVALID', correlationId: 'c-2' });
});

it('calls a page of a proxy in the way an unreachable server', async () => {
  server(() => new Response('<h1>Bad gateway</h1>', { status: 502 }));
  expect(await problemOf(api.metrics())).toMatchObject({ status: 502, code: 'SERVER_UNREACHABLE' });
});

it('has a problem when nothing answers at all', async () => {
  server(() => Promise.reject(new TypeError('Failed to fetch')));
  expect(await problemOf(api.metrics())).toMatchObject({ status: 0, code: 'SERVER_UNREACHABLE', correlationId: undefined });
});

it('knows a missing session by its status', async () => {
  server(() => new Response('', { status: 401 }));
  expect(isSignedOut(await problemOf(api.connections()))).toBe(true);
});

it('encodes what it puts into an address', async () => {
  const { asked } = server(() => new Response('', { status: 404 }));
  await problemOf(api.records('a/b', 'Opportunity', { filter: 'drill:x&y=1', sort: '-Amount' }));
  expect(asked).toEqual(['/api/connections/a%2Fb/records/Opportunity?filter=drill%3Ax%26y%3D1&sort=-Amount']);
});
