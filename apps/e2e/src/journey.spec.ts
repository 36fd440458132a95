import { availableParallelism, loadavg } from 'node:os';
import type { Browser, BrowserContext, Page } from '@playwright/test';
import { until } from '@tributary/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ApiClient, type Figures } from './harness/api-client.ts';
import { hasBrowser, openBrowser } from './harness/browser.ts';
import { cents, living, openDeals, sum, weighted } from './harness/golden.ts';
import { logInAs, startInBrowser } from './harness/pages.ts';
import { theProduct } from './harness/product.ts';
import { SimulatorControl, type SimulatedRow } from './harness/simulator-control.ts';

/** How many programs other than the product and its browser want each processor: on a machine that does other work, everything takes longer. */
function crowd(): number {
  return Math.max(0, (loadavg()[0] ?? 0) - 4) / availableParallelism();
}

/** One person, from the first page to the sign-out; each test goes on where the one before ended. */
describe.skipIf(!hasBrowser())('a person', { timeout: 90_000 }, () => {
  const { url, simulatorOrigin } = theProduct();
  const simulator = new SimulatorControl(simulatorOrigin);
  let browser: Browser;
  let context: BrowserContext;
  let page: Page;
  let connectionId = '';
  let consentedAt = 0;
  let username = '';
  const complaints: string[] = [];

  /** The query API as the page itself asks it, with the page's session. */
  async function query(body: Record<string, unknown>): Promise<Figures> {
    const answer = await page.request.post(`${url}/api/connections/${connectionId}/query`, { data: body });
    if (answer.status() !== 200) throw new Error(`the query answered ${answer.status()}: ${await answer.text()}`);
    return (await answer.json()) as Figures;
  }

  /** Value of a metric over everything. */
  async function figure(metric: string, more: Record<string, unknown> = {}): Promise<string> {
    return String((await query({ metrics: [metric], ...more })).rows[0]?.[metric]);
  }

  /** Exact amount of a figure on the board, from its title. */
  async function onPage(label: string): Promise<bigint> {
    const link = page.getByRole('link', { name: `Show the records behind ${label}`, exact: false }).first();
    return cents((await link.getAttribute('title'))?.replaceAll(/[^\d.-]/g, '') ?? '');
  }

  async function deals(): Promise<SimulatedRow[]> {
    return simulator.rows('Opportunity');
  }

  beforeAll(async () => {
    await simulator.setMoving(null);
    // On a product that has been used before, somebody who has not connected yet.
    username = (await simulator.facts()).users[Number(process.env['TRIBUTARY_E2E_PERSON'] ?? 0)]?.username ?? '';
    browser = await openBrowser();
    context = await browser.newContext({ viewport: { width: 1440, height: 900 }, locale: 'en-US', timezoneId: 'America/New_York', reducedMotion: 'reduce' });
    page = await context.newPage();
    page.setDefaultTimeout(45_000);
    page.on('pageerror', (error) => complaints.push(`page error: ${error.message}`));
    page.on('console', (message) => {
      if (message.type() === 'error') complaints.push(`console: ${message.text()}`);
    });
  });

  afterAll(async () => {
    const client = new ApiClient(url);
    await client.syncRarely(await client.signIn(simulator, username));
    await browser?.close();
  });

  it('is welcomed and led to the pages of Salesforce', async () => {
    await startInBrowser(page, url);
    expect(new URL(page.url()).origin).not.toBe(new URL(url).origin);
  });

  it('signs in, allows access and sees the first sync in progress', async () => {
    await logInAs(page, username);
    await page.getByRole('button', { name: 'Allow' }).waitFor();
    consentedAt = performance.now();
    await page.getByRole('button', { name: 'Allow' }).click();
    await page.waitForURL((address) => /\/connections\/[0-9a-f-]{36}\/sync$/.test(address.pathname));
    connectionId = page.url().split('/').at(-2) ?? '';
    await page.getByText('Opportunity').first().waitFor();
    expect(await page.getByRole('progressbar').count()).toBeGreaterThan(1);
  });

  it('sees the first chart in less than ten seconds after the consent', async () => {
    const button = page.getByRole('link', { name: 'Open first board' });
    await button.waitFor();
    await button.click();
    await page.getByRole('group', { name: 'Open pipeline by stage' }).locator('svg path').first().waitFor();
    const seconds = (performance.now() - consentedAt) / 1_000;
    console.info(`from consent to the first chart: ${seconds.toFixed(2)} s, with ${crowd().toFixed(1)} programs waiting for each processor`);
    expect(seconds).toBeLessThan(10 * Math.max(1, crowd()));
  });

  it('finds every object complete once the sync has ended', async () => {
    const run = await until('the first sync ended', async () => {
      const { sync } = (await (await page.request.get(`${url}/api/connections/${connectionId}`)).json()) as { sync: { lastRun: { status: string; reasons: unknown[] } | null } | null };
      return sync?.lastRun !== null && sync?.lastRun.status !== 'running' ? sync?.lastRun : undefined;
    }, 60_000);
    expect(run).toMatchObject({ status: 'complete', reasons: [] });
    await page.getByText('Complete', { exact: true }).first().waitFor();
  });

  it('sees figures that equal the answer of the API, which equal the data at the source', async () => {
    const rows = await deals();
    const golden = { amount: sum(openDeals(rows)), count: BigInt(openDeals(rows).length), weighted: weighted(openDeals(rows)) };
    await until('the figures caught up', async () => cents(await figure('pipeline.open_amount')) === golden.amount, 60_000);
    expect(BigInt(await figure('pipeline.open_count'))).toBe(golden.count);
    expect(cents(await figure('pipeline.weighted_amount'))).toBe(golden.weighted);
    await until('the board shows it', async () => (await onPage('Open pipeline')) === golden.amount);
    // The page may leave cents of large amounts out.
    expect((await onPage('Weighted pipeline')) / 100n).toBe((golden.weighted + 0n) / 100n);
  });

  it('finds the figures of each stage and each year equal to the source', async () => {
    const rows = living(await deals());
    const { rows: stages } = await query({ metrics: ['pipeline.open_amount', 'pipeline.open_count'], dimensions: ['stage'] });
    expect(stages.length).toBeGreaterThan(2);
    for (const row of stages) {
      const inStage = openDeals(rows).filter(({ StageName }) => StageName === row['stage']);
      expect([row['stage'], cents(row['pipeline.open_amount']), String(row['pipeline.open_count'])]).toEqual([row['stage'], sum(inStage), String(inStage.length)]);
    }
    const year = new Date().getUTCFullYear() - 1;
    const period = { from: `${year}-01-01`, until: `${year + 1}-01-01` };
    const closed = rows.filter(({ CloseDate, IsClosed }) => IsClosed === true && String(CloseDate).startsWith(`${year}-`));
    const won = closed.filter(({ IsWon }) => IsWon === true);
    expect(won.length).toBeGreaterThan(10);
    expect(cents(await figure('bookings.won_amount', { period }))).toBe(sum(won));
    expect(Number(await figure('win_rate.by_count', { period }))).toBeCloseTo(won.length / closed.length, 6);
  });

  it('follows a number to its records, whose sum is that number', async () => {
    const shown = await onPage('Open pipeline');
    await page.getByRole('link', { name: 'Show the records behind Open pipeline' }).first().click();
    await page.getByText('equals the figure you came from').waitFor();
    const filter = new URL(page.url()).searchParams.get('filter') ?? '';
    let total = 0n;
    let cursor: string | null = null;
    const ids = new Set<string>();
    do {
      const parameters: URLSearchParams = new URLSearchParams({ filter, limit: '500', ...(cursor === null ? {} : { cursor }) });
      const answer = (await (await page.request.get(`${url}/api/connections/${connectionId}/records/Opportunity?${parameters.toString()}`)).json()) as { rows: Record<string, string | null>[]; nextCursor: string | null };
      for (const row of answer.rows) {
        total += cents(row['Amount']);
        ids.add(row['Id'] ?? '');
      }
      cursor = answer.nextCursor;
    } while (cursor !== null);
    expect(total).toBe(shown);
    expect(ids.size).toBe(openDeals(await deals()).length);
    await page.getByRole('link', { name: 'Back to the board' }).click();
  });

  it('sees a change made at Salesforce on the board without a reload', async () => {
    await until('the board', async () => (await onPage('Open pipeline')) > 0n);
    await page.evaluate(() => Object.assign(window, { neverReloaded: true }));
    const [deal] = openDeals(await deals());
    if (deal === undefined) throw new Error('there is no open deal');
    const before = await onPage('Open pipeline');
    const [changedAt, changedOn] = [performance.now(), Date.now()];
    await simulator.update('Opportunity', String(deal['Id']), { Amount: Number(deal['Amount'] ?? 0) + 1_234_567 });
    await until('the change on the board', async () => (await onPage('Open pipeline')) === before + 123_456_700n, 30_000);
    const seconds = (performance.now() - changedAt) / 1_000;
    const { runs } = (await (await page.request.get(`${url}/api/connections/${connectionId}/sync-runs`)).json()) as { runs: { startedAt: string; finishedAt: string | null }[] };
    const since = runs.filter(({ startedAt, finishedAt }) => Date.parse(startedAt) > changedOn && finishedAt !== null).length;
    console.info(`from a change to the board: ${seconds.toFixed(2)} s, ${since} runs that began after it`);
    // The run that began next has read it; on a crowded machine another may end before the board is drawn.
    expect(since).toBeLessThanOrEqual(crowd() > 1 ? 2 : 1);
    expect(await page.evaluate(() => 'neverReloaded' in window)).toBe(true);
  });

  it('sees a new deal arrive and a deleted one leave', async () => {
    const before = await onPage('Open pipeline');
    const id = await simulator.insert('Opportunity', { Name: 'Planted <img src=x onerror=alert(1)>', StageName: 'Prospecting', Amount: 5_000, CloseDate: '2030-06-30', Probability: 10 });
    await until('the new deal', async () => (await onPage('Open pipeline')) === before + 500_000n, 30_000);
    await simulator.delete('Opportunity', id);
    await until('the deal is gone', async () => (await onPage('Open pipeline')) === before, 30_000);
  });

  it('reads on the connection page how it stands', async () => {
    await page.goto(`${url}/connections/${connectionId}`);
    await page.getByText('Connected', { exact: true }).first().waitFor();
    await page.getByText('Refresh token').first().waitFor();
    const objects = page.getByRole('region', { name: 'Objects' }).getByRole('row');
    await objects.filter({ hasText: 'Complete' }).first().waitFor();
    const counts = (await objects.allInnerTexts()).slice(1).map((row) => row.split('\t').map((cell) => cell.trim()));
    expect(counts.length).toBeGreaterThan(10);
    for (const [object, source, stored, coverage] of counts) expect([object, stored, coverage]).toEqual([object, source, expect.stringContaining('Complete')]);
  });

  it('has met no error of the page on the way', () => {
    expect(complaints.filter((complaint) => !/401|favicon/.test(complaint))).toEqual([]);
  });

  it('signs out, and the session is worth nothing afterwards', async () => {
    await page.goto(`${url}/c/${connectionId}/pipeline`);
    const kept = await context.cookies(url);
    await page.getByRole('button', { name: /Account and settings/ }).first().click();
    await page.getByRole('menuitem', { name: 'Sign out' }).click();
    await page.getByRole('heading', { name: 'Your pipeline, with proof.' }).waitFor();
    await context.addCookies(kept);
    expect((await page.request.get(`${url}/api/connections`)).status()).toBe(401);
  });

});
