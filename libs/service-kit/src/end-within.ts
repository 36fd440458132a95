import { Logger } from '@nestjs/common';
import { setTimeout as sleep } from 'node:timers/promises';

/** Waits for the end of a part of the service, but not for ever: what it waits for may never come. @param what named in the log when it is left behind */
export async function endWithin(what: string, ms: number, end: Promise<unknown>): Promise<void> {
  const patience = new AbortController();
  const givenUp = sleep(ms, true, { signal: patience.signal, ref: false }).catch(() => false);
  if (await Promise.race([end.then(() => false), givenUp])) new Logger('shutdown').warn(`${what} did not end in time and is left behind`);
  patience.abort();
}
