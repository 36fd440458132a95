import { expect, it } from 'vitest';
import { createMemoryHistory } from 'vue-router';
import { portalRouter } from './router.ts';

async function openAs(signedIn: boolean | undefined, path: string): Promise<string> {
  const router = portalRouter(async () => signedIn, createMemoryHistory());
  // Only where one ends is asked, so pages need not be drawn.
  await router.push(path);
  return router.currentRoute.value.fullPath;
}

it('leads who is not signed in to the welcome page and keeps the way back', async () => {
  expect(await openAs(false, '/metrics?x=1')).toBe('/welcome?return=/metrics?x%3D1');
  expect(await openAs(false, '/')).toBe('/welcome');
});

it('shows open pages to everybody', async () => {
  expect(await openAs(false, '/connect/failed?code=STATE_EXPIRED')).toBe('/connect/failed?code=STATE_EXPIRED');
  expect(await openAs(false, '/no/such/page')).toBe('/no/such/page');
});

it('does not send people away only because the server cannot be asked', async () => {
  expect(await openAs(undefined, '/metrics')).toBe('/metrics');
});
