import { X509Certificate } from 'node:crypto';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser, Locator, Page } from '@playwright/test';
import { until } from '@tributary/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { aProduct } from './harness/a-product.ts';
import { hasBrowser, openBrowser } from './harness/browser.ts';
import { tributary } from './harness/command-line.ts';
import { ownKeyPair } from './harness/own-key-pair.ts';
import { approveInBrowser, overflow, startInBrowser } from './harness/pages.ts';
import type { StartedProduct } from './harness/product.ts';
import { harmlessVerbs, SimulatorControl } from './harness/simulator-control.ts';

const dayMs = 24 * 60 * 60_000;

/** What an administrator does in the browser, from the first signing key to the end of a connection; each test goes on where the one before ended. */
describe.skipIf(!hasBrowser())('an administrator', { timeout: 90_000 }, () => {
  // The app at Salesforce holds one certificate: it shall be nobody else's.
  let own: StartedProduct & { stop(): Promise<void> };
  let simulator: SimulatorControl;
  let browser: Browser;
  let page: Page;
  let [username, service, connectionId] = ['', '', ''];
  const complaints: string[] = [];

  const step = (title: string): Locator => page.getByRole('region', { name: title });
  const isDone = async (title: string): Promise<boolean> => (await step(title).getByRole('heading', { level: 2 }).innerText()).endsWith(', Done');
  const keyCards = (): Locator => step('Make a key').getByRole('article');
  const open = async (path: string, heading: string): Promise<void> => {
    await page.goto(own.url + path);
    await page.getByRole('heading', { name: heading }).first().waitFor();
  };
  const openProof = (): Promise<void> => open(`/connections/${connectionId}/jwt`, 'Access without a person');
  const openServices = (): Promise<void> => open('/settings/service', 'Connect without a browser');

  /** Takes the certificate along that the page offers. */
  async function download(): Promise<{ pem: string; fileName: string; certificate: X509Certificate }> {
    const [file] = await Promise.all([page.waitForEvent('download'), page.getByRole('button', { name: 'Download the certificate' }).click()]);
    const pem = await readFile(await file.path(), 'utf8');
    return { pem, fileName: file.suggestedFilename(), certificate: new X509Certificate(pem) };
  }

  /** Tries whether Salesforce takes an assertion. */
  async function prove(): Promise<Locator> {
    await openProof();
    await step('Try it').getByRole('button', { name: 'Try it' }).click();
    const answer = step('Try it').getByText(/^(It works|Not yet)$/);
    await answer.waitFor();
    return answer;
  }

  /** From here on the connection syncs when it is asked to: the pages shall have the machine. */
  const syncRarely = () => until('the settings of the sync', async () => (await page.request.put(`${own.url}/api/connections/${connectionId}/sync-settings`, { data: { intervalSeconds: 86_400 } })).ok(), 60_000);

  /** A run that somebody asked for, to its end. */
  async function syncNow(): Promise<void> {
    const lastRun = async () => ((await (await page.request.get(`${own.url}/api/connections/${connectionId}`)).json()) as { sync: { openRun: unknown; lastRun: { id: string } | null } | null }).sync;
    await until('no run is open', async () => (await lastRun())?.openRun === null, 60_000);
    const before = (await lastRun())?.lastRun?.id;
    await page.getByRole('button', { name: 'Sync now' }).click();
    await until('another run has ended', async () => ![before, undefined].includes((await lastRun())?.lastRun?.id) && (await lastRun())?.openRun === null, 60_000);
  }

  /** Chooses which way may be used, on the connection's page. */
  async function choose(policy: string): Promise<void> {
    await open(`/connections/${connectionId}`, 'How access works');
    const choice = page.getByRole('radio', { name: policy });
    if (await choice.isChecked()) return;
    await choice.check();
    await page.getByRole('button', { name: 'Save', exact: true }).click();
    await page.getByText(`Saved: ${policy}.`).waitFor();
  }

  const lastCall = (): Locator => step('How access works').getByRole('heading', { name: 'The last call' }).locator('..');

  beforeAll(async () => {
    own = await aProduct();
    simulator = new SimulatorControl(own.simulatorOrigin);
    await simulator.setMoving(null);
    const { users } = await simulator.facts();
    [username, service] = [users[0]?.username ?? '', users[7]?.username ?? ''];
    browser = await openBrowser();
    page = await (await browser.newContext({ viewport: { width: 1440, height: 900 }, locale: 'en-US', timezoneId: 'America/New_York', reducedMotion: 'reduce', acceptDownloads: true, permissions: ['clipboard-read', 'clipboard-write'] })).newPage();
    page.setDefaultTimeout(45_000);
    page.on('pageerror', (error) => complaints.push(`page error: ${error.message}`));
    page.on('console', (message) => {
      if (message.type() === 'error') complaints.push(`console: ${message.text()} at ${message.location().url}`);
    });
    await startInBrowser(page, own.url);
    await approveInBrowser(page, username);
    await page.waitForURL((address) => /\/connections\/[0-9a-f-]{36}\/sync$/.test(address.pathname));
    connectionId = page.url().split('/').at(-2) ?? '';
    await syncRarely();
  });

  afterAll(async () => {
    await browser?.close();
    await own?.stop();
  });

  it('leaves no code of Salesforce behind in the history of the browser', async () => {
    const addresses = await page.evaluate<string[]>('navigation.entries().map(({ url }) => url)');
    expect([addresses.length > 0, addresses.filter((address) => /[?&](code|state)=/.test(address))]).toEqual([true, []]);
    expect(await page.evaluate(() => document.referrer)).not.toContain('code=');
  });

  it('finds neither key nor a way to try before one is made', async () => {
    await openProof();
    expect(await step('Try it').getByRole('button', { name: 'Try it' }).isDisabled()).toBe(true);
    expect([await keyCards().count(), await page.getByRole('button', { name: 'Download the certificate' }).count()]).toEqual([0, 0]);
  });

  it('makes a key and takes its certificate along: a year long, of the key that is shown', async () => {
    await step('Make a key').getByRole('button', { name: 'Make a key' }).click();
    await page.getByText('The key is made.').waitFor();
    const card = await keyCards().innerText();
    const { pem, fileName, certificate } = await download();
    expect(certificate.subject.split('\n').toSorted()).toEqual(['CN=Tributary', 'OU=JWT bearer']);
    expect([certificate.ca, certificate.verify(certificate.publicKey), certificate.publicKey.asymmetricKeyDetails?.modulusLength]).toEqual([false, true, 2048]);
    expect(Math.round((certificate.validToDate.getTime() - certificate.validFromDate.getTime()) / dayMs)).toBe(365);
    expect(Math.abs(certificate.validFromDate.getTime() - Date.now())).toBeLessThan(5 * 60_000);
    expect(card.replaceAll(/\s/g, '').toUpperCase()).toContain(certificate.fingerprint256);
    expect(card.toUpperCase()).toContain(certificate.serialNumber);
    expect([pem.match(/-----BEGIN [A-Z ]+-----/g), fileName]).toEqual([['-----BEGIN CERTIFICATE-----'], expect.stringMatching(/^tributary-\d{4}-\d\d-\d\d-\w+\.(crt|pem|cer)$/)]);
    await keyCards().getByText('Waiting for Salesforce').waitFor();
  });

  it('reads step by step what to do at Salesforce, and hands all of it on as one text', async () => {
    const { clientId, callbackUrl } = (await (await page.request.get(`${own.url}/api/signing-keys`)).json()) as { clientId: string; callbackUrl: string };
    const steps = await step('Tell Salesforce').getByRole('listitem').allInnerTexts();
    expect(steps.map((text) => text.split(/\s/, 1)[0])).toEqual(['1', '2', '3', '4', '5', '6']);
    for (const [place, words] of [[2, 'upload the certificate'], [3, 'Admin approved users are pre-authorized'], [5, username]] as const) expect(steps[place]).toContain(words);
    const shown = await step('Tell Salesforce').innerText();
    await step('Tell Salesforce').getByRole('button', { name: 'Copy all of this for the admin' }).click();
    await step('Tell Salesforce').getByText('Copied').first().waitFor();
    const handedOn = await page.evaluate(() => navigator.clipboard.readText());
    for (const value of [clientId, callbackUrl, 'openid api refresh_token', username]) expect([shown.includes(value), handedOn.includes(value)]).toEqual([true, true]);
  });

  it('is told what is missing when they try it before the certificate is at Salesforce', async () => {
    expect(await (await prove()).innerText()).toBe('Not yet');
    const answer = step('Try it');
    await answer.getByRole('heading', { name: 'What is missing' }).waitFor();
    expect(await answer.getByText('A Salesforce admin of the org').count()).toBe(1);
    expect(await answer.getByRole('listitem').allInnerTexts()).toEqual(expect.arrayContaining([expect.stringMatching(/certificate/i)]));
    expect(await answer.getByText('certificate-mismatch').count()).toBeGreaterThan(0);
    expect(await isDone('Tell Salesforce')).toBe(false);
  });

  it('sees it work once the certificate is uploaded and the user approved', async () => {
    await simulator.registerCertificate((await download()).pem);
    await simulator.settings({ preauthorisedUsers: [username] });
    expect(await (await prove()).innerText()).toBe('It works');
    await keyCards().getByText('Signing', { exact: true }).waitFor();
    await until('the steps are done', async () => (await Promise.all(['Make a key', 'Tell Salesforce', 'Try it'].map(isDone))).every(Boolean));
  });

  it.each([
    ['Signed assertions only', 'JWT bearer, in the background'],
    ['My grant only', 'Web server flow, in the background'],
    ['Both, one carries on for the other', 'JWT bearer, in the background'],
  ])('switches to "%s", and sees which way carried the last call, and why', async (policy, way) => {
    await choose(policy);
    await syncNow();
    await until('the page tells the way', async () => (await lastCall().innerText()).includes(way), 20_000);
    const [, , reason = ''] = (await lastCall().innerText()).split('\n').filter((line) => line !== '');
    expect(reason).toMatch(/assertion|refresh token|consent|grant/i);
  });

  it('makes the next key, sees both while they change over, and the new one take over once Salesforce has its certificate', async () => {
    await openProof();
    const before = await keyCards().innerText();
    await step('Make a key').locator('summary').click();
    await step('Make a key').getByRole('button', { name: 'Make the next key' }).click();
    await step('Make a key').getByText('Two keys are alive: changing over without a gap').waitFor();
    expect((await keyCards().allInnerTexts()).map((text) => text.split('\n', 1)[0])).toEqual(['Signs now', 'Takes over next']);
    expect(await isDone('Tell Salesforce')).toBe(false);
    await page.setViewportSize({ width: 390, height: 844 });
    expect(await overflow(page)).toBeLessThanOrEqual(0);
    await page.setViewportSize({ width: 1440, height: 900 });
    const { pem, certificate } = await download();
    expect(before.toUpperCase()).not.toContain(certificate.serialNumber);
    // Salesforce has the old certificate still.
    expect(await (await prove()).innerText()).toBe('It works');
    expect(await keyCards().count()).toBe(2);
    await simulator.registerCertificate(pem);
    expect(await (await prove()).innerText()).toBe('It works');
    await until('the new key signs', async () => (await keyCards().first().innerText()).toUpperCase().includes(certificate.serialNumber));
    await step('Make a key').getByText('Older keys').click();
    await keyCards().getByText('Going out of use').waitFor();
  });

  it('finds the workspace called like its org, and gives it another name, which stays', async () => {
    await open('/settings/people', 'Name of the workspace');
    await until('it has the name of the org', async () => {
      await page.reload();
      return (await page.getByRole('heading', { level: 1 }).innerText()) === 'Northwind Traders';
    }, 30_000);
    await page.getByLabel('Name', { exact: true }).fill('Sales of Northwind');
    await page.getByRole('button', { name: 'Rename' }).click();
    await page.getByText('The workspace is called Sales of Northwind now.').waitFor();
    await page.getByRole('heading', { level: 1, name: 'Sales of Northwind' }).waitFor();
    await open('/settings/audit', 'Sales of Northwind');
    await page.getByText('renamed the workspace from Northwind Traders to Sales of Northwind').waitFor();
    await page.getByText('took the certificate of a signing key along').first().waitFor();
  });

  it('brings a key pair along on the machine, and a pair that does not fit is refused with a sentence', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'tributary-pair-'));
    const [pair, other] = await Promise.all([ownKeyPair('Acme integration'), ownKeyPair('Somebody else')]);
    await writeFile(join(folder, 'key.pem'), pair.key, { mode: 0o600 });
    await writeFile(join(folder, 'certificate.pem'), pair.certificate);
    await writeFile(join(folder, 'other.pem'), other.certificate);
    const bring = (certificate: string) => tributary(own.dataDir, username, 'keys', 'make', '--key', join(folder, 'key.pem'), '--certificate', join(folder, certificate));
    expect(await bring('other.pem')).toEqual({ exit: 1, answer: { code: 'SIGNING_KEY_INVALID', error: expect.stringContaining('The certificate belongs to another private key.') } });
    expect(await bring('certificate.pem')).toMatchObject({ exit: 0, answer: { origin: 'imported', state: 'offered' } });
    await rm(folder, { recursive: true });
    await openProof();
    const next = keyCards().nth(1);
    expect(await next.innerText()).toMatch(/Takes over next[^]*Brought along[^]*CN=Acme integration/);
    const { certificate } = await download();
    expect(certificate.fingerprint256).toBe(new X509Certificate(pair.certificate).fingerprint256);
  });

  it('is told what is missing for a user who was not approved, connects them once they are, and sees the first rows', async () => {
    await openServices();
    const connect = step('Connect without a browser');
    await connect.getByLabel('Username at Salesforce').fill(service);
    await connect.getByRole('button', { name: 'Connect' }).click();
    await connect.getByRole('heading', { name: 'What is missing' }).waitFor();
    expect(await connect.getByText('not-pre-authorised').count()).toBeGreaterThan(0);
    await simulator.settings({ preauthorisedUsers: [username, service] });
    await connect.getByRole('button', { name: 'Connect' }).click();
    await connect.getByText('The first sync has started.').waitFor();
    await connect.getByRole('link', { name: 'Open the connection' }).or(connect.getByRole('button', { name: 'Open the connection' })).click();
    await page.getByRole('heading', { name: 'How access works' }).waitFor();
    connectionId = page.url().split('/').at(-1) ?? '';
    await page.getByText(service).first().waitFor();
    expect(await page.getByRole('radio', { name: 'Both, one carries on for the other' }).locator('..').innerText()).toContain('has consented at Salesforce');
    await page.getByRole('region', { name: 'Objects' }).getByRole('row').filter({ hasText: 'Complete' }).first().waitFor({ timeout: 60_000 });
    await syncRarely();
    await open(`/c/${connectionId}/records/User`, 'records');
    await page.getByRole('row').nth(1).waitFor();
  });

  it('ends the access again: nothing goes on, and the copy stays readable', async () => {
    await open(`/connections/${connectionId}`, 'How access works');
    await page.getByRole('button', { name: 'Disconnect …' }).click();
    await page.getByRole('dialog').getByRole('radio', { name: 'Keep the data, frozen' }).check();
    await page.getByRole('dialog').getByRole('button', { name: 'Disconnect and keep' }).click();
    await page.getByText('Disconnected. The access was given back.').waitFor();
    await page.getByText('Disconnected', { exact: true }).first().waitFor();
    expect([await page.getByRole('button', { name: 'Sync now' }).count(), await page.getByText('In use', { exact: true }).count()]).toEqual([0, 0]);
    await page.getByRole('button', { name: 'Erase the copy …' }).click();
    expect(await page.getByRole('dialog').getByRole('button', { name: 'Erase the copy' }).isDisabled()).toBe(true);
    await page.getByRole('dialog').getByRole('button', { name: 'Cancel' }).click();
    await open(`/c/${connectionId}/records/User`, 'records');
    await page.getByRole('row').nth(1).waitFor();
  });

  it('brings it back by assertion, without a sign-in of the user, as the connection it was', async () => {
    await open(`/connections/${connectionId}`, 'How access works');
    await page.getByRole('link', { name: 'Reconnect' }).or(page.getByRole('button', { name: 'Reconnect' })).first().click();
    const connect = step('Connect without a browser');
    expect(await connect.getByLabel('Username at Salesforce').inputValue()).toBe(service);
    await connect.getByRole('button', { name: 'Connect' }).click();
    await connect.getByText('The first sync has started.').waitFor();
    await connect.getByRole('link', { name: 'Open the connection' }).or(connect.getByRole('button', { name: 'Open the connection' })).click();
    await page.getByRole('heading', { name: 'How access works' }).waitFor();
    expect(page.url().split('/').at(-1)).toBe(connectionId);
    await page.getByText('In use', { exact: true }).first().waitFor();
  });

  it('has had nothing changed at Salesforce', async () => {
    const asked = await simulator.changingVerbs();
    expect(asked).toEqual(expect.arrayContaining(['POST /services/oauth2/revoke', 'POST /services/oauth2/token']));
    expect(asked.filter((verb) => !harmlessVerbs.includes(verb))).toEqual([]);
  });

  it('has met no error of a page on the way', () => {
    expect(complaints.filter((complaint) => !/401|favicon/.test(complaint))).toEqual([]);
  });
});
