import { expect, it } from 'vitest';
import { columnChunks } from './column-chunks.ts';

const fields = ['Id', 'Name', 'Amount', 'SystemModstamp', 'Stage'];

it('asks for everything at once when it fits', () => {
  expect(columnChunks(fields, ['Id', 'SystemModstamp'], 200)).toEqual([['Id', 'SystemModstamp', 'Name', 'Amount', 'Stage']]);
});

it('gives every group the key and the stamp, and each other field to one of them', () => {
  // A name takes its letters and six bytes: 8 + 20 for key and stamp, 10, 12 and 11 for the others.
  expect(columnChunks(fields, ['Id', 'SystemModstamp'], 50)).toEqual([['Id', 'SystemModstamp', 'Name', 'Amount'], ['Id', 'SystemModstamp', 'Stage']]);
  expect(columnChunks(fields, ['Id', 'SystemModstamp'], 10)).toEqual([['Id', 'SystemModstamp', 'Name'], ['Id', 'SystemModstamp', 'Amount'], ['Id', 'SystemModstamp', 'Stage']]);
});

it('asks for the key alone when there is nothing else', () => {
  expect(columnChunks(['Id'], ['Id'], 50)).toEqual([['Id']]);
});
