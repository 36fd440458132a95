import { allEvents } from './all-events.ts';
import type { EventDefinition, Envelope } from './define-event.ts';
import type { ConnectionId } from './ids.ts';

/** An envelope of whichever event. */
export type AnyEnvelope = Envelope<string, { readonly connectionId: ConnectionId }>;

/** The definition of an envelope's event; undefined for a type or version this build does not know. */
export function definitionOf(event: Pick<AnyEnvelope, 'type' | 'dataschema'>): EventDefinition | undefined {
  return allEvents.find(({ type, version }) => type === event.type && event.dataschema.endsWith(`.v${version}.schema.json`));
}

/** The subject an envelope is published on. @throws RangeError for an event no contract declares */
export function subjectOf(event: AnyEnvelope): string {
  const definition = definitionOf(event);
  if (definition === undefined) throw new RangeError(`No contract declares ${event.type}.`);
  return definition.subject(event.subject);
}
