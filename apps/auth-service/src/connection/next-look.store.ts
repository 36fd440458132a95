import type { EntityManager } from '@mikro-orm/postgresql';
import { databaseNow } from '../database-clock.store.ts';

const minuteMs = 60_000;
const hourMs = 60 * minuteMs;

/** When a refusal that may pass is looked at again by itself: after a minute, and each time of a day on which it was told before twice as late, an hour at most. */
export async function nextLook(em: EntityManager, connectionId: string, cause: string): Promise<Date> {
  const [row] = await em.execute<{ times: number }[]>("select count(*)::integer as times from audit_entry where connection_id = ? and kind = 'state-changed' and cause = ? and at > now() - interval '1 day'", [connectionId, cause]);
  return new Date((await databaseNow(em)).getTime() + Math.min(hourMs, minuteMs * 2 ** (row?.times ?? 0)));
}
