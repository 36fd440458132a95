import { json, type Reply } from '../http/reply.ts';
import type { HttpRequest } from '../http/request.ts';
import type { World } from '../oauth/world.ts';
import { visibleTable, type View } from '../soql/view.ts';
import { notFound, RestError } from './rest-error.ts';

const minute = 60_000;
const day = 24 * 60 * minute;
const maxIds = 600_000;

/** `GET /sobjects/{object}/updated`; looks back 30 days at most. @throws RestError */
export function updated(world: World, view: View, request: HttpRequest, object: string): Reply {
  const table = replicateable(view, object);
  const { from, until, latest } = bounds(world, request, 30);
  const rows = table.rows();
  const stampField = ['SystemModstamp', 'LastModifiedDate', 'CreatedDate'].find((name) => table.field(name) !== undefined) ?? 'CreatedDate';
  const ids: string[] = [];
  for (let index = 0; index < rows.length; index += 1) {
    const row = rows.at(index);
    const stamp = String(row[stampField]);
    if (stamp >= from && stamp < until && row['IsDeleted'] !== true && view.canSeeRecord?.(String(row['Id'])) !== false) ids.push(String(row['Id']));
  }
  if (ids.length > maxIds) throw new RestError(400, 'EXCEEDED_ID_LIMIT', 'exceeded maximum number of ids');
  return json(200, { ids, latestDateCovered: latest });
}

/** `GET /sobjects/{object}/deleted`; looks back 15 days at most, less when the log was trimmed. @throws RestError */
export function deleted(world: World, view: View, request: HttpRequest, object: string): Reply {
  const table = replicateable(view, object);
  const { from, until, latest } = bounds(world, request, world.settings.getDeletedDays);
  const { trimmedUntil } = world.org.deleteLog;
  if (trimmedUntil !== undefined && from < trimmedUntil) throw new RestError(400, 'INVALID_REPLICATION_DATE', 'startDate is before the earliest date available');
  const earliest = trimmedUntil ?? new Date(toMinute(world.clock.now().getTime() - world.settings.getDeletedDays * day)).toISOString();
  const records = world.org.deleteLog.between(table.definition.name, from, until).filter(({ id }) => view.canSeeRecord?.(id) !== false).map(({ id, at }) => ({ id, deletedDate: offsetForm(at) }));
  return json(200, { deletedRecords: records, earliestDateAvailable: offsetForm(earliest), latestDateCovered: latest });
}

function replicateable(view: View, object: string): NonNullable<ReturnType<typeof visibleTable>> {
  const table = visibleTable(view, object);
  if (table === undefined) throw notFound();
  if (table.definition.replicateable !== true) throw new RestError(400, 'INVALID_TYPE_FOR_OPERATION', `entity type ${table.definition.name} does not support getUpdated or getDeleted`);
  return table;
}

/** Whole minutes; what has not settled yet is left out, and `latestDateCovered` says so. */
function bounds({ clock, settings }: World, { query }: HttpRequest, days: number): { from: string; until: string; latest: string } {
  const start = toMinute(Date.parse((query.get('start') ?? '').replace(' ', '+')));
  const end = toMinute(Date.parse((query.get('end') ?? '').replace(' ', '+')));
  const now = clock.now().getTime();
  if (Number.isNaN(start) || Number.isNaN(end)) throw new RestError(400, 'INVALID_REPLICATION_DATE', 'start and end must be dates');
  if (end - start <= minute) throw new RestError(400, 'INVALID_REPLICATION_DATE', 'startDate must be at least one minute greater than endDate');
  if (start < now - days * day - minute) throw new RestError(400, 'INVALID_REPLICATION_DATE', `startDate cannot be more than ${days} days ago`);
  const covered = Math.min(end, toMinute(now - Math.max(settings.replicationLagMs, settings.commitDelayMs)) + (settings.replicationLagMs + settings.commitDelayMs > 0 ? 0 : minute));
  const latest = Math.min(covered, toMinute(now));
  return { from: new Date(start).toISOString(), until: new Date(Math.max(start, Math.min(covered, end))).toISOString(), latest: offsetForm(new Date(Math.max(start, latest)).toISOString()) };
}

function toMinute(ms: number): number {
  return Math.floor(ms / minute) * minute;
}

function offsetForm(stamp: string): string {
  return stamp.replace(/Z$/, '+0000');
}
