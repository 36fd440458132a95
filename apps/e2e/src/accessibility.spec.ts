import AxeBuilder from '@axe-core/playwright';
import type { Browser, BrowserContext, Page } from '@playwright/test';
import { until } from '@tributary/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { hasBrowser, openBrowser } from './harness/browser.ts';
import { approveInBrowser, overflow, startInBrowser } from './harness/pages.ts';
import { theProduct } from './harness/product.ts';
import { SimulatorControl } from './harness/simulator-control.ts';

/** Every page, for somebody whose data is there already. */
describe.skipIf(!hasBrowser())('everybody', { timeout: 90_000 }, () => {
  const { url, simulatorOrigin } = theProduct();
  const simulator = new SimulatorControl(simulatorOrigin);
  let browser: Browser;
  let context: BrowserContext;
  let page: Page;
  let connectionId = '';
  const complaints: string[] = [];

  beforeAll(async () => {
    const username = (await simulator.facts()).users[Number(process.env['TRIBUTARY_E2E_PERSON'] ?? 0)]?.username ?? '';
    browser = await openBrowser();
    context = await browser.newContext({ viewport: { width: 1440, height: 900 }, locale: 'en-US', timezoneId: 'America/New_York', reducedMotion: 'reduce' });
    page = await context.newPage();
    page.setDefaultTimeout(45_000);
    page.on('pageerror', (error) => complaints.push(`page error: ${error.message}`));
    page.on('console', (message) => {
      if (message.type() === 'error') complaints.push(`console: ${message.text()} at ${message.location().url}`);
    });
    await startInBrowser(page, url);
    await approveInBrowser(page, username);
    await page.waitForURL((address) => address.href.startsWith(url) && /pipeline|sync/.test(address.pathname));
    const { connections } = (await (await page.request.get(`${url}/api/connections`)).json()) as { connections: { id: string }[] };
    connectionId = connections[0]?.id ?? '';
  });

  afterAll(async () => {
    await browser?.close();
  });

  /** The last is the heading by which a page is known to be there. */
  const pages: readonly [name: string, path: string, heading: string][] = [
    ['the board', '/c/:c/pipeline', 'Open pipeline by stage'],
    ['the records', '/c/:c/records/Opportunity', 'records'],
    ['the connection', '/connections/:c', 'Timeline'],
    ['what is copied', '/connections/:c/data', 'What this takes'],
    ['the deletions', '/connections/:c/deletions', 'Deletions'],
    ['the schedule', '/connections/:c/schedule', 'Forecast'],
    ['the API budget', '/connections/:c/budget', 'How much Tributary may take'],
    ['the calls to Salesforce', '/connections/:c/calls', 'Calls to Salesforce'],
    ['the sync', '/connections/:c/sync', 'Overall'],
    ['the connections', '/connections', 'Connections'],
    ['the way to connect', '/connections/new', 'Connect Salesforce'],
    ['the metrics', '/metrics', 'Metrics'],
    ['the check of a connection', '/connections/:c/doctor', 'Check of the connection'],
    ['access without a person', '/connections/:c/jwt', 'Access without a person'],
    ['service connections', '/settings/service', 'Connect without a browser'],
    ['the people', '/settings/people', 'Members'],
    ['their sessions', '/settings/sessions', 'My sessions'],
    ['the audit log', '/settings/audit', ''],
    ['help when Salesforce does not send back', '/connections/new/stuck', 'Did Salesforce show an error?'],
    ['a consent that failed', '/connect/failed?code=STATE_EXPIRED', 'It took too long'],
  ];

  /** Opens a page and waits until it has been filled; that figures are read again meanwhile does not matter. */
  async function show(path: string, heading: string): Promise<void> {
    await page.goto(url + path.replace(':c', connectionId));
    await page.getByRole('heading', { name: heading }).first().waitFor();
    await page.locator('main [aria-busy=true]').first().waitFor({ state: 'detached', timeout: 10_000 }).catch(() => undefined);
  }

  /** What a person with assistive technology would stumble over; charts are drawings whose text stands beside them, and one row of records differs from the next in nothing. */
  async function obstacles(rules?: readonly string[]): Promise<string[]> {
    // No page has a frame: there is nothing to look into beside it.
    const axe = new AxeBuilder({ page }).setLegacyMode(true).options({ resultTypes: ['violations'] }).exclude('[aria-hidden=true] svg').exclude('[role=row]:nth-child(n + 6)');
    const { violations } = await (rules === undefined ? axe : axe.withRules([...rules])).analyze();
    const serious = violations.filter(({ impact }) => impact === 'serious' || impact === 'critical');
    return serious.map(({ id, nodes }) => `${id} at ${nodes.map(({ target }) => target.join(' ')).slice(0, 3).join(' | ')}`);
  }

  const isDark = async (): Promise<boolean> => page.evaluate(() => document.documentElement.classList.contains('dark'));

  it.each(pages)('can use %s with assistive technology, in the dark, and on a phone without scrolling sideways', async (_name, path, heading) => {
    await page.emulateMedia({ colorScheme: 'light', reducedMotion: 'reduce' });
    await show(path, heading);
    expect(await isDark()).toBe(false);
    expect(await obstacles()).toEqual([]);
    await page.emulateMedia({ colorScheme: 'dark', reducedMotion: 'reduce' });
    await until('the page is dark', isDark);
    // One theme differs from the other in colours alone.
    expect(await obstacles(['color-contrast'])).toEqual([]);
    await page.setViewportSize({ width: 390, height: 844 });
    await until('the page is as narrow as the phone', async () => (await page.evaluate(() => document.documentElement.clientWidth)) === 390);
    expect(await overflow(page)).toBeLessThanOrEqual(0);
    await page.setViewportSize({ width: 1440, height: 900 });
  });

  it('meets no error of a page on the way', () => {
    expect(complaints.filter((complaint) => !/401|favicon/.test(complaint))).toEqual([]);
  });
});
