import avro from 'avsc';
import { z } from 'zod';

/** The header of a change event: which records of which object changed, how and when. */
export interface ChangeEvent {
  readonly object: string;
  /** Usually one; a wildcard such as `001*` for all, `000000000000000AAA` for too many to name. */
  readonly recordIds: readonly string[];
  readonly kind: ChangeKind;
  /** Salesforce's clock. */
  readonly committedAt: Date;
}

/** `UNKNOWN`: one that Salesforce did not have yet; something changed. */
const changeKinds = ['CREATE', 'UPDATE', 'DELETE', 'UNDELETE', 'GAP_CREATE', 'GAP_UPDATE', 'GAP_DELETE', 'GAP_UNDELETE', 'GAP_OVERFLOW', 'UNKNOWN'] as const;
export type ChangeKind = (typeof changeKinds)[number];

/** A commit number has 64 bits, more than a number of JavaScript holds: as a number it would make the whole event unreadable. */
const longType = avro.types.LongType.__with({
  fromBuffer: (buffer: Buffer) => buffer.readBigInt64LE(),
  toBuffer: (value: bigint) => {
    const buffer = Buffer.alloc(8);
    buffer.writeBigInt64LE(value);
    return buffer;
  },
  fromJSON: (value: unknown) => BigInt(String(value)),
  toJSON: (value: bigint) => Number(value),
  isValid: (value: unknown) => typeof value === 'bigint',
  compare: (one: bigint, other: bigint) => (one === other ? 0 : one < other ? -1 : 1),
});

const headerField = 'ChangeEventHeader';
const Schema = z.object({ fields: z.tuple([z.object({ name: z.literal(headerField), type: z.looseObject({ type: z.literal('record') }) })]).rest(z.unknown()) });
const Header = z.object({ entityName: z.string(), recordIds: z.array(z.string()), changeType: z.enum(changeKinds).catch('UNKNOWN'), commitTimestamp: z.bigint() });

/** Reads events of one schema. */
export type ChangeEventReader = (payload: Buffer) => ChangeEvent;

/**
 * The header is the first field and the only one that is decoded: no value of a record is ever looked at.
 * @throws SyntaxError, ZodError, Error for a schema that is none of a change event; the reader throws for half a header
 */
export function changeEventReader(schemaJson: string): ChangeEventReader {
  const { fields: [{ type: headerSchema }] } = Schema.parse(JSON.parse(schemaJson));
  const type = avro.Type.forSchema(headerSchema as unknown as avro.Schema, { registry: { long: longType } });
  return (payload) => {
    const header = Header.parse(type.fromBuffer(payload, undefined, true));
    return { object: header.entityName, recordIds: header.recordIds, kind: header.changeType, committedAt: new Date(Number(header.commitTimestamp)) };
  };
}
