const storageKey = 'tributary.consent';
/** A consent is given up at Salesforce after 10 minutes; later nobody wonders any more. */
const rememberedMs = 60 * 60_000;

/** Notes that the browser leaves for Salesforce; kept as long as the window. */
export function noteAttempt(now: number, storage: Storage = sessionStorage): void {
  try {
    storage.setItem(storageKey, String(now));
  } catch {
    // Storage may be closed; nobody is then asked what Salesforce showed.
  }
}

/** When the browser left for Salesforce without coming back with an answer; undefined when it did not, or long ago. */
export function openAttempt(now: number, storage: Storage = sessionStorage): number | undefined {
  try {
    const at = Number(storage.getItem(storageKey) ?? Number.NaN);
    return at <= now && now - at <= rememberedMs ? at : undefined;
  } catch {
    return undefined;
  }
}

/** An answer came, or the person does not want to be asked. */
export function settleAttempt(storage: Storage = sessionStorage): void {
  try {
    storage.removeItem(storageKey);
  } catch {
    // Nothing was kept.
  }
}

/** Pages on which somebody lands who comes back from Salesforce without an answer: those the way there starts from. */
const startPages: readonly unknown[] = ['welcome', 'connect', 'stuck', 'join'];

/** Whether arriving on a page means that Salesforce has answered. */
export function isAnswered(page: unknown): boolean {
  return page !== undefined && !startPages.includes(page);
}
