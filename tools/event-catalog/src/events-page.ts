import { durableConsumers, eventStream, eventSubjects } from '@tributary/event-contracts';
import type { EventEntry } from './event-entry.ts';
import { typeText } from './type-text.ts';

/** How a note for the members of an event is found. */
export type NotesOf = (entry: EventEntry) => ReadonlyMap<string, string>;

/** docs/events.md */
export function eventsPage(entries: readonly EventEntry[], notesOf: NotesOf): string {
  return `${[introduction(entries), ...entries.map((entry) => section(entry, notesOf(entry)))].join('\n\n')}\n`;
}

function introduction(entries: readonly EventEntry[]): string {
  return `# Events

Generated from \`libs/event-contracts\` by \`node tools/event-catalog/src/main.ts\`; a test fails when this page is older than the contracts.

Every event is a CloudEvents 1.0 envelope in JSON on one JetStream stream, \`${eventStream}\` (subjects ${eventSubjects.map((subject) => `\`${subject}\``).join(', ')}).
Its NATS message id is the event's \`id\`. The envelope:

| member | meaning |
| --- | --- |
| \`specversion\` | \`1.0\` |
| \`id\` | UUID v7 of the event; the same event may be delivered more than once, always with the same id |
| \`source\` | \`/tributary/<service>\` |
| \`type\` | name of the fact, as below |
| \`subject\` | id of the connection |
| \`time\` | instant of the fact, ISO 8601 in UTC |
| \`datacontenttype\` | \`application/json\` |
| \`dataschema\` | path of the JSON Schema of \`data\`, relative to \`docs/\` |
| \`correlationid\` | one per user action, the same along a chain of events |
| \`causationid\` | id of the event that directly caused this one; absent for the first |
| \`data\` | the fact; members that the schema does not name are refused |

No event carries a token or another secret. An older event may arrive after a newer one: compare \`epoch\`, \`toVersion\` or \`time\`.
A change that only adds members keeps the version; any other change is a new version on a new subject.

Who reads what inside the product: ${durableConsumers.map(({ name, filterSubject }) => `\`${name}\` (\`${filterSubject}\`)`).join(', ')}. A service of your own makes its own durable consumer.
Beside the stream, \`tributary.live.<connectionId>\` carries progress of a running sync as plain NATS: it is never stored.

| event | says |
| --- | --- |
${entries.map(({ name, definition }) => `| [\`${name}\`](#${anchor(name)}) | ${definition.description} |`).join('\n')}`;
}

function section({ name, definition, subject, dataSchema, example }: EventEntry, notes: ReadonlyMap<string, string>): string {
  const rows = Object.entries(dataSchema.properties ?? {}).map(([member, schema]) =>
    `| \`${member}\` | ${cell(typeText(schema))} | ${dataSchema.required?.includes(member) ? 'yes' : 'no'} | ${cell(notes.get(member) ?? '')} |`);
  return `## ${name}

${definition.description}

Subject \`${subject}\` · published by ${definition.source}-service · [JSON Schema](events/${name}.schema.json)

| member of \`data\` | type | required | meaning |
| --- | --- | --- | --- |
${rows.join('\n')}

\`\`\`json
${JSON.stringify(example, null, 2)}
\`\`\``;
}

function anchor(name: string): string {
  return name.replaceAll('.', '').toLowerCase();
}

function cell(text: string): string {
  return text.replaceAll('|', '\\|');
}
