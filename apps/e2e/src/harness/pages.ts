import type { Page } from '@playwright/test';

/** Signs in on the simulator's pages as the first person offered, and allows access. */
export async function approveInBrowser(page: Page): Promise<void> {
  await page.locator('button.person').first().click();
  const allow = page.getByRole('button', { name: 'Allow' });
  await allow.click();
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
