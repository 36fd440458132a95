/** What Salesforce shows on pages of its own, without sending anybody back; the most frequent first. */
export const stuckCases = [
  { id: 'notInstalled', who: 'admin' },
  { id: 'blocked', who: 'admin' },
  { id: 'callback', who: 'admin' },
  { id: 'client', who: 'operator' },
  { id: 'login', who: 'user' },
  { id: 'api', who: 'admin' },
  { id: 'nothing', who: 'nobody' },
] as const;

/** Address at which this installation waits for Salesforce's answer. */
export function callbackAddress(origin: string): string {
  return `${origin}/connect/salesforce/callback`;
}
