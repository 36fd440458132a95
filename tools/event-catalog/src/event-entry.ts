import type { EventDefinition } from '@tributary/event-contracts';
import { eventExamples } from './event-examples.ts';
import { jsonSchemaOf, type JsonSchema } from './json-schema.ts';

/** Everything the catalogue tells about one event. */
export interface EventEntry {
  readonly name: string;
  readonly definition: EventDefinition;
  /** Subject with `{connectionId}` in the place of the id. */
  readonly subject: string;
  readonly dataSchema: JsonSchema;
  readonly envelopeSchema: JsonSchema;
  readonly example: unknown;
}

/** Ids and time of the examples; fixed, so that the same contracts give the same files. */
const fixed = { id: '0199aa00-0000-7000-8000-0000000000e1', correlationid: '0199aa00-0000-7000-8000-0000000000c1' };
const exampleTime = new Date('2026-03-02T09:15:00.000Z');

/** @throws RangeError when an event has no example, ZodError when its example breaks the contract */
export function eventEntry(definition: EventDefinition): EventEntry {
  const name = `${definition.type}.v${definition.version}`;
  if (!(name in eventExamples)) throw new RangeError(`${name} has no example: add one to event-examples.ts.`);
  const data = definition.dataSchema.parse(eventExamples[name]);
  const example = { ...definition.create(data, { now: exampleTime }), ...fixed };
  definition.schema.parse(example);
  const about = { title: name, description: definition.description };
  return {
    name,
    definition,
    subject: definition.subject(data.connectionId).replace(data.connectionId, '{connectionId}'),
    dataSchema: { ...about, ...jsonSchemaOf(definition.dataSchema) },
    envelopeSchema: { ...about, ...jsonSchemaOf(definition.schema) },
    example,
  };
}
