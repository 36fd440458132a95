import { v7 as uuidV7 } from 'uuid';
import { z } from 'zod';
import { ConnectionId } from './ids.ts';

/** The service an event type belongs to: the first part of its name. */
export type EventSource = 'auth' | 'ingest' | 'analytics';

/** CloudEvents 1.0 envelope in JSON; `subject` is the connection id. */
export interface Envelope<Type extends string, Data> {
  readonly specversion: '1.0';
  /** UUID v7; also the `Nats-Msg-Id`. */
  readonly id: string;
  /** `/tributary/<service>` */
  readonly source: string;
  readonly type: Type;
  readonly subject: ConnectionId;
  /** ISO 8601 UTC */
  readonly time: string;
  readonly datacontenttype: 'application/json';
  /** Relative address of the JSON Schema of `data`. */
  readonly dataschema: string;
  /** One per user action; the same along a whole chain of events. */
  readonly correlationid: string;
  /** Id of the event that directly caused this one. */
  readonly causationid?: string | undefined;
  readonly data: Data;
}

/** What caused a new event: the envelope of an earlier event, or a fresh correlation id. */
export type Cause = { readonly id: string; readonly correlationid: string } | { readonly correlationid: string };

export interface EventDefinition<Type extends string = string, Data extends { connectionId: ConnectionId } = { connectionId: ConnectionId }> {
  readonly type: Type;
  readonly version: number;
  readonly source: EventSource;
  readonly description: string;
  /** `tributary.<service>.<noun>.<fact>.v<version>.<connectionId>` */
  subject(connectionId: ConnectionId): string;
  /** Schema of the whole envelope; unknown members are refused. */
  readonly schema: z.ZodType<Envelope<Type, Data>>;
  readonly dataSchema: z.ZodType<Data>;
  /** A complete envelope. `now` is the time of the fact. */
  create(data: Data, origin?: { readonly now?: Date; readonly causedBy?: Cause }): Envelope<Type, Data>;
}

/** The envelope type of an event definition. */
export type EventOf<D> = D extends EventDefinition<infer Type, infer Data> ? Envelope<Type, Data> : never;

/** Declares one event: nobody else writes a subject or an envelope. */
export function defineEvent<const Type extends `${EventSource}.${string}.${string}`, Shape extends z.ZodRawShape & { connectionId: typeof ConnectionId }>(
  type: Type,
  version: number,
  description: string,
  dataSchema: z.ZodObject<Shape>,
): EventDefinition<Type, z.infer<z.ZodObject<Shape>> & { connectionId: ConnectionId }> {
  type Data = z.infer<z.ZodObject<Shape>> & { connectionId: ConnectionId };
  const source = type.split('.')[0] as EventSource;
  const dataschema = `events/${type}.v${version}.schema.json`;
  const schema = z.strictObject({
    specversion: z.literal('1.0'),
    id: z.uuid(),
    source: z.literal(`/tributary/${source}`),
    type: z.literal(type),
    subject: ConnectionId,
    time: z.iso.datetime(),
    datacontenttype: z.literal('application/json'),
    dataschema: z.literal(dataschema),
    correlationid: z.uuid(),
    causationid: z.uuid().optional(),
    data: dataSchema,
  });
  return {
    type,
    version,
    source,
    description,
    subject: (connectionId) => `tributary.${type}.v${version}.${connectionId}`,
    schema: schema as unknown as z.ZodType<Envelope<Type, Data>>,
    dataSchema: dataSchema as unknown as z.ZodType<Data>,
    create(data, { now = new Date(), causedBy } = {}) {
      const parsed = dataSchema.parse(data) as Data;
      return {
        specversion: '1.0',
        id: uuidV7(),
        source: `/tributary/${source}`,
        type,
        subject: parsed.connectionId,
        time: now.toISOString(),
        datacontenttype: 'application/json',
        dataschema,
        correlationid: causedBy?.correlationid ?? uuidV7(),
        ...(causedBy && 'id' in causedBy ? { causationid: causedBy.id } : {}),
        data: parsed,
      };
    },
  };
}
