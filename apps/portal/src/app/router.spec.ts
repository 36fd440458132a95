// @vitest-environment happy-dom
import { expect, it } from 'vitest';
import { createMemoryHistory } from 'vue-router';
import { portalRouter } from './router.ts';

async function openAs(signedIn: boolean | undefined, path: string): Promise<{ path: string; return: unknown }> {
  const router = portalRouter(async () => signedIn, createMemoryHistory());
  // Only where one ends is asked, so pages need not be drawn.
  await router.push(path);
  const { path: ended, query } = router.currentRoute.value;
  return { path: ended, return: query['return'] };
}

it('leads who is not signed in to the welcome page and keeps the way back', async () => {
  expect(await openAs(false, '/metrics?x=1')).toEqual({ path: '/welcome', return: '/metrics?x=1' });
  expect(await openAs(false, '/')).toEqual({ path: '/welcome', return: undefined });
});

it('shows open pages to everybody', async () => {
  expect(await openAs(false, '/connect/failed?code=STATE_EXPIRED')).toMatchObject({ path: '/connect/failed' });
  expect(await openAs(false, '/no/such/page')).toMatchObject({ path: '/no/such/page' });
});

it('does not send people away only because the server cannot be asked', async () => {
  expect(await openAs(undefined, '/metrics')).toMatchObject({ path: '/metrics' });
});
