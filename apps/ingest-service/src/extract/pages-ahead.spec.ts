import { Readable } from 'node:stream';
import type { BulkPage } from '@tributary/salesforce-client';
import { expect, it } from 'vitest';
import { PagesAhead } from './pages-ahead.ts';

/** A job of four pages, of which one may fail, and what was asked of it. */
function aJob(failing?: string): { pages: PagesAhead; asked: string[]; given: Map<string, BulkPage>; heal: () => void } {
  const asked: string[] = [];
  const given = new Map<string, BulkPage>();
  let broken = failing;
  const results = async (_job: string, locator = 'first'): Promise<BulkPage> => {
    asked.push(locator);
    if (locator === broken) throw new Error('out of reach');
    const nextLocator = { first: 'b', b: 'c', c: 'd' }[locator];
    const page = { body: Readable.from([locator]), nextLocator, records: 1 };
    given.set(locator, page);
    return page;
  };
  return { pages: new PagesAhead({ results }, 'job', 1), asked, given, heal: () => (broken = undefined) };
}

it('asks for a page while the one before it is read, and for each only once', async () => {
  const { pages, asked, given } = aJob();
  expect(await pages.next(null)).toBe(given.get('first'));
  expect(asked).toEqual(['first', 'b']);
  for (const locator of ['b', 'c', 'd']) expect(await pages.next(locator)).toBe(given.get(locator));
  expect(asked).toEqual(['first', 'b', 'c', 'd']);
});

it('asks anew for a page that must be read again, and lets go of the one it had asked for', async () => {
  const { pages, asked, given } = aJob();
  await pages.next(null);
  await pages.next('b');
  const unread = given.get('c');
  await pages.next('b');
  await Promise.resolve();
  expect([asked, unread?.body.destroyed]).toEqual([['first', 'b', 'c', 'b', 'c'], true]);
});

it('tells of a page that cannot be had only to whoever asks for it, who may ask again', async () => {
  const { pages, asked, given, heal } = aJob('b');
  await pages.next(null);
  await expect(pages.next('b')).rejects.toThrow('out of reach');
  heal();
  expect(await pages.next('b')).toBe(given.get('b'));
  expect(asked).toEqual(['first', 'b', 'b', 'c']);
});

it('destroys what nobody will read', async () => {
  const { pages, given } = aJob();
  await pages.next(null);
  pages.drop();
  await Promise.resolve();
  expect(given.get('b')?.body.destroyed).toBe(true);
});
