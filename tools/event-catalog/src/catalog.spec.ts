import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { allEvents } from '@tributary/event-contracts';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { catalogFiles, repository } from './catalog-files.ts';
import { eventEntry } from './event-entry.ts';
import { notesIn } from './member-notes.ts';
import { shapeText, typeText } from './type-text.ts';

const files = catalogFiles();

describe('the committed documents are what the contracts give', () => {
  it.each([...files])('%s', (path, text) => {
    expect(readFileSync(join(repository, path), 'utf8'), 'run node tools/event-catalog/src/main.ts').toBe(text);
  });

  it('has no schema of an event that does not exist', () => {
    expect(readdirSync(join(repository, 'docs', 'events')).sort()).toEqual(allEvents.map(({ type, version }) => `${type}.v${version}.schema.json`).sort());
  });
});

it('describes every event with subject, members, notes and an example', () => {
  const page = files.get('docs/events.md') ?? '';
  for (const { name, subject, dataSchema } of allEvents.map(eventEntry)) {
    expect(page).toContain(`## ${name}`);
    expect(page).toContain(`Subject \`${subject}\``);
    for (const member of Object.keys(dataSchema.properties ?? {})) expect(page).toContain(`| \`${member}\` |`);
  }
  expect(page).toContain('Grows by one per refresh; lets a consumer drop an older event.');
});

it('publishes schemas that refuse unknown members, at the address that the envelopes name', () => {
  for (const { example, dataSchema } of allEvents.map(eventEntry)) {
    expect(dataSchema.additionalProperties).toBe(false);
    expect(files.has(`docs/${String((example as { dataschema: string }).dataschema)}`)).toBe(true);
  }
});

it('names each event once in the AsyncAPI document, with a subject that starts like the stream', () => {
  const document = parse(files.get('docs/asyncapi.yaml') ?? '');
  expect(Object.keys(document.channels)).toHaveLength(allEvents.length);
  for (const channel of Object.values<{ address: string }>(document.channels)) expect(channel.address).toMatch(/^tributary\.(auth|ingest|analytics)\..+\.v\d+\.\{connectionId\}$/);
});

it('reads the note that stands right before a member, also over several lines', () => {
  expect(notesIn('x = {\n  /** One. */\n  a: 1,\n  b: 2,\n  /**\n   * Two\n   * lines.\n   */\n  c: 3,\n};')).toEqual(new Map([['a', 'One.'], ['c', 'Two lines.']]));
});

it('writes types in words and shapes with their absent members marked', () => {
  expect(typeText({ type: 'array', items: { type: 'string', format: 'uuid' } })).toBe('array of UUID');
  expect(typeText({ anyOf: [{ type: 'integer' }, { type: 'null' }] })).toBe('integer or null');
  expect(shapeText({ type: 'object', properties: { a: { type: 'string' }, b: { const: 1 } }, required: ['a'] })).toBe('{\n  a: text\n  b?: 1\n}');
});
