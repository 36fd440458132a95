import { join } from 'node:path';
import { allEvents } from '@tributary/event-contracts';
import { asyncapiDocument } from './asyncapi.ts';
import { eventEntry } from './event-entry.ts';
import { eventsPage } from './events-page.ts';
import { httpPage } from './http-page.ts';
import { memberNotes } from './member-notes.ts';

/** Root of the repository. */
export const repository = join(import.meta.dirname, '..', '..', '..');

/** Every generated file: path from the root → text. */
export function catalogFiles(): ReadonlyMap<string, string> {
  const entries = allEvents.map(eventEntry);
  const contracts = join(repository, 'libs', 'event-contracts', 'src');
  return new Map([
    ['docs/events.md', eventsPage(entries, ({ definition }) => memberNotes(contracts, definition.type, definition.version))],
    ['docs/asyncapi.yaml', asyncapiDocument(entries)],
    ['docs/http-api.md', httpPage()],
    ...entries.map(({ name, dataSchema }) => [`docs/events/${name}.schema.json`, `${JSON.stringify(dataSchema, null, 2)}\n`] as const),
  ]);
}
