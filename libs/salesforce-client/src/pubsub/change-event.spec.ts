import avro from 'avsc';
import { expect, it } from 'vitest';
import { changeEventReader } from './change-event.ts';

const texts = { type: 'array', items: 'string' };
const schemaJson = JSON.stringify({
  type: 'record', name: 'AccountChangeEvent', namespace: 'com.sforce.eventbus',
  fields: [
    { name: 'ChangeEventHeader', type: { type: 'record', name: 'ChangeEventHeader', fields: [
      { name: 'entityName', type: 'string' }, { name: 'recordIds', type: texts }, { name: 'changeType', type: { type: 'enum', name: 'ChangeType', symbols: ['CREATE', 'UPDATE', 'GAP_OVERFLOW', 'SNAPSHOT'] } },
      { name: 'commitTimestamp', type: 'long' }, { name: 'commitNumber', type: 'long' }, { name: 'changedFields', type: texts },
    ] } },
    { name: 'Name', type: ['null', 'string'], default: null }, { name: 'AnnualRevenue', type: ['null', 'double'], default: null },
  ],
});

function payload(changeType: string): Buffer {
  // A commit number as Salesforce gives it, of 61 bits.
  const longType = avro.types.LongType.__with({
    fromBuffer: (buffer: Buffer) => buffer.readBigInt64LE(), toBuffer: (value: bigint) => { const buffer = Buffer.alloc(8); buffer.writeBigInt64LE(value); return buffer; },
    fromJSON: (value: unknown) => BigInt(String(value)), toJSON: Number, isValid: (value: unknown) => typeof value === 'bigint', compare: (a: bigint, b: bigint) => (a < b ? -1 : a > b ? 1 : 0),
  });
  return avro.Type.forSchema(JSON.parse(schemaJson) as avro.Schema, { registry: { long: longType } }).toBuffer({
    ChangeEventHeader: { entityName: 'Account', recordIds: ['001XX000003DHPAAA4'], changeType, commitTimestamp: 1_778_192_987_000n, commitNumber: 1_778_192_987_716_501_506n, changedFields: ['0x6'] },
    Name: 'Acme', AnnualRevenue: null,
  });
}

it('reads what changed of an event with a commit number beyond the safe integers and a bitmap of fields', () => {
  expect(changeEventReader(schemaJson)(payload('UPDATE'))).toEqual({ object: 'Account', recordIds: ['001XX000003DHPAAA4'], kind: 'UPDATE', committedAt: new Date('2026-05-07T22:29:47.000Z') });
});

it('takes a kind of change it does not know for a change', () => {
  expect(changeEventReader(schemaJson)(payload('SNAPSHOT'))).toMatchObject({ object: 'Account', kind: 'UNKNOWN' });
});

it('looks at no value of a record: what follows the header may be anything', () => {
  const header = payload('UPDATE').subarray(0, -7);
  expect(changeEventReader(schemaJson)(Buffer.concat([header, Buffer.alloc(64, 0xff)]))).toEqual(changeEventReader(schemaJson)(payload('UPDATE')));
});

it('does not read half a header, nor a schema that begins with none', () => {
  expect(() => changeEventReader(schemaJson)(payload('UPDATE').subarray(0, 20))).toThrow();
  expect(() => changeEventReader(JSON.stringify({ type: 'record', name: 'Other', fields: [{ name: 'Name', type: 'string' }] }))).toThrow();
});
