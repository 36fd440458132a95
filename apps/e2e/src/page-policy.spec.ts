import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Browser, Page } from '@playwright/test';
import { until } from '@tributary/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { hasBrowser, openBrowser } from './harness/browser.ts';
import { theProduct } from './harness/product.ts';

/** What somebody could try who got a script of the page, or a text in it, to do their work. */
describe.skipIf(!hasBrowser())('the policy of a page', { timeout: 60_000 }, () => {
  const { url, logFolder } = theProduct();
  let browser: Browser;
  let page: Page;
  const complaints: string[] = [];

  beforeAll(async () => {
    browser = await openBrowser();
    page = await browser.newPage();
    page.setDefaultTimeout(60_000);
    page.on('console', (message) => void (message.type() === 'error' && complaints.push(message.text())));
    page.on('request', (request) => void (request.url() === `${url}/reports/violations` && complaints.push(request.postData() ?? '')));
    await page.goto(`${url}/welcome`);
    await page.getByRole('link', { name: 'Connect the demo org' }).waitFor();
  });

  afterAll(async () => browser?.close());

  it('refuses nothing that the portal itself does', () => {
    expect(complaints).toEqual([]);
  });

  /** Runs code as a script of the page would: a moment later, for what the browser is asked from outside may make code of strings. @returns the name of the error it ends with */
  const errorOf = async (code: string): Promise<string> => page.evaluate(`new Promise((resolve) => setTimeout(() => { try { ${code}; resolve('none'); } catch (error) { resolve(error.name); } }))`);
  const ran = async (): Promise<boolean> => page.evaluate('globalThis.ran === true');

  it.each([
    ['markup from a string', "document.body.innerHTML = '<img src=x onerror=\"ran=true\">'"],
    ['markup beside an element', "document.body.insertAdjacentHTML('beforeend', '<b>x</b>')"],
    ['a document from a string', "new DOMParser().parseFromString('<b>x</b>', 'text/html')"],
    ['a document in a frame', "document.createElement('iframe').srcdoc = '<b>x</b>'"],
    ['a script by its address', "document.createElement('script').src = '/theme.js'"],
    ['a script by its text', "document.createElement('script').textContent = 'ran=true'"],
    ['a policy of its own', "trustedTypes.createPolicy('mine', { createHTML: (text) => text })"],
    ['the name of a policy that is there', "trustedTypes.createPolicy('vue', { createHTML: (text) => text })"],
    ['a handler as an attribute', "document.body.setAttribute('onclick', 'ran=true')"],
  ])('refuses %s', async (_what, code) => {
    expect(await errorOf(code)).toBe('TypeError');
  });

  it('refuses code made of a string', async () => {
    expect(await errorOf("new Function('ran=true')()")).toBe('EvalError');
  });

  it('lets text through, and clears what it is asked to', async () => {
    expect(await errorOf("const box = document.createElement('div'); box.innerHTML = 'a > b'; box.innerHTML = ''")).toBe('none');
  });

  it('has let nothing of it run, and is told of it in the log of the gateway, without the code', async () => {
    expect(await ran()).toBe(false);
    const log = await until('the reports', () => {
      const text = readFileSync(join(logFolder, 'gateway.log'), 'utf8');
      return text.includes(`the policy of ${url}/welcome refused trusted-types-sink by require-trusted-types-for`) && text;
    });
    expect(log).not.toContain('ran=true');
  });
});
