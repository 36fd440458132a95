import type { ChangeEvent } from '@tributary/salesforce-client';

/** What is to be read of an object because of events. */
export interface ObjectChange {
  readonly object: string;
  /** Records said to be deleted, to be asked for by Id. */
  readonly deletedIds: readonly string[];
  /** All rows are to be read again: events could not tell what changed. */
  readonly resync: boolean;
}

const recordId = /^[a-zA-Z0-9]{18}$/;
const noRecord = '000000000000000AAA';

/** What a batch of events means, object by object. Only the fact of a change is taken from events, never a value. */
export function effectOf(events: readonly ChangeEvent[]): ObjectChange[] {
  const objects = [...new Set(events.map(({ object }) => object))];
  return objects.map((object) => {
    const own = events.filter((event) => event.object === object);
    const deleted = own.filter(({ kind }) => kind === 'DELETE' || kind === 'GAP_DELETE').flatMap(({ recordIds }) => recordIds.filter(isRecord));
    return { object, deletedIds: [...new Set(deleted)], resync: own.some(isBeyondTelling) };
  });
}

/** Events without data: Salesforce could not tell what changed. */
export function holesIn(events: readonly ChangeEvent[]): number {
  return events.filter(({ kind }) => kind.startsWith('GAP_')).length;
}

/** Too many changes in one transaction, or records named by a wildcard: the stamps of the rows may not tell either. */
function isBeyondTelling({ kind, recordIds }: ChangeEvent): boolean {
  return kind === 'GAP_OVERFLOW' || recordIds.some((id) => !isRecord(id));
}

function isRecord(id: string): boolean {
  return recordId.test(id) && id !== noRecord;
}
