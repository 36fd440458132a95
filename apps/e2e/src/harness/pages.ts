import type { Page } from '@playwright/test';

/** Signs in on the simulator's login page; the consent page follows for somebody who has not allowed the app yet. */
export async function logInAs(page: Page, username: string): Promise<void> {
  await page.getByLabel('Or somebody else').selectOption(username);
  await page.getByRole('button', { name: 'Log In' }).click();
}

/** Signs in and allows access, if asked. */
export async function approveInBrowser(page: Page, username: string): Promise<void> {
  const { origin } = new URL(page.url());
  await logInAs(page, username);
  const allow = page.getByRole('button', { name: 'Allow' });
  await allow.or(page.getByRole('main')).first().waitFor();
  if (new URL(page.url()).origin === origin) await allow.click();
}

/** Starts the consent from the welcome page and ends at the pages of Salesforce. */
export async function startInBrowser(page: Page, url: string): Promise<void> {
  await page.goto(url);
  await page.getByRole('link', { name: 'Connect the demo org' }).click();
  await page.getByRole('heading', { name: /^Log in/ }).waitFor();
}

/** Whether anything sticks out to the right of the window. */
export function overflow(page: Page): Promise<number> {
  return page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
}
