import { createHash } from 'node:crypto';
import avro from 'avsc';
import type { FieldDefinition, FieldType } from '../org/definition.ts';
import type { ObjectTable } from '../org/table.ts';

/** The kinds of change an event can tell of. */
export const changeTypes = ['CREATE', 'UPDATE', 'DELETE', 'UNDELETE', 'GAP_CREATE', 'GAP_UPDATE', 'GAP_DELETE', 'GAP_UNDELETE', 'GAP_OVERFLOW', 'SNAPSHOT'] as const;
export type ChangeType = (typeof changeTypes)[number];

/** 64 bits are more than a number of JavaScript holds exactly: commit numbers are big integers. */
export const longType = avro.types.LongType.__with({
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

const texts = { type: 'array', items: 'string' };
const header = {
  type: 'record', name: 'ChangeEventHeader',
  fields: [
    { name: 'entityName', type: 'string' }, { name: 'recordIds', type: texts }, { name: 'changeType', type: { type: 'enum', name: 'ChangeType', symbols: changeTypes } },
    { name: 'changeOrigin', type: 'string' }, { name: 'transactionKey', type: 'string' }, { name: 'sequenceNumber', type: 'int' }, { name: 'commitTimestamp', type: 'long' },
    { name: 'commitNumber', type: 'long' }, { name: 'commitUser', type: 'string' }, { name: 'nulledFields', type: texts }, { name: 'diffFields', type: texts }, { name: 'changedFields', type: texts },
  ],
};

/** The Avro schema of an object's change events; its id changes with the object's fields. */
export interface EventSchema {
  readonly id: string;
  readonly json: string;
  readonly type: avro.Type;
  /** Names in their order, the header first: what bitmaps count by. */
  readonly fields: readonly string[];
}

export function eventSchemaOf({ definition, fields }: ObjectTable): EventSchema {
  const told = fields.filter(isTold);
  const json = JSON.stringify({
    type: 'record', name: changeEventName(definition.name), namespace: 'com.sforce.eventbus',
    fields: [{ name: 'ChangeEventHeader', type: header }, ...told.map(({ name, type }) => ({ name, type: ['null', avroTypeOf(type)], default: null }))],
  });
  return {
    id: createHash('sha256').update(json).digest('base64url').slice(0, 22), json, fields: ['ChangeEventHeader', ...told.map(({ name }) => name)],
    type: avro.Type.forSchema(JSON.parse(json) as avro.Schema, { registry: { long: longType } }),
  };
}

/** `AccountChangeEvent`, `Region__ChangeEvent` for the custom object `Region__c`. */
export function changeEventName(object: string): string {
  return object.endsWith('__c') ? `${object.slice(0, -1)}ChangeEvent` : `${object}ChangeEvent`;
}

/** Events hold stored fields: neither formulas nor compounds, and the Id stands in the header. */
function isTold({ name, type, formula }: FieldDefinition): boolean {
  return name !== 'Id' && name !== 'IsDeleted' && name !== 'SystemModstamp' && formula === undefined && type !== 'address' && type !== 'location' && type !== 'base64';
}

function avroTypeOf(type: FieldType): string {
  switch (type) {
    case 'boolean': return 'boolean';
    case 'int': return 'int';
    case 'long': case 'date': case 'datetime': return 'long';
    case 'double': case 'currency': case 'percent': return 'double';
    default: return 'string';
  }
}
