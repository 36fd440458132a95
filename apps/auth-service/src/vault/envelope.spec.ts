import { createCipheriv } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { newKey, openBytes, sealBytes } from './envelope.ts';

const key = newKey();
const context = 'v1|installation|workspace|connection|owner|refresh_token|3|-';
const token = Buffer.from('5Aep861EXAMPLEexampleEXAMPLE');

describe('sealed bytes', () => {
  it('open under the same key and context, whatever they are', () => {
    fc.assert(fc.property(fc.uint8Array({ maxLength: 5_000 }), fc.string(), (plain, place) => openBytes(key, sealBytes(key, plain, place), place).equals(plain)));
  });

  it('do not open when any bit is changed', () => {
    const sealed = sealBytes(key, token, context);
    for (let index = 0; index < sealed.length * 8; index += 1) {
      const changed = Buffer.from(sealed);
      changed[index >> 3] = (changed[index >> 3] ?? 0) ^ (1 << (index & 7));
      expect(() => openBytes(key, changed, context)).toThrow();
    }
  });

  it('do not open under another key', () => {
    expect(() => openBytes(newKey(), sealBytes(key, token, context), context)).toThrow();
  });

  it.each([
    ['connection', context.replace('connection', 'other')], ['field', context.replace('refresh_token', 'access_token')], ['epoch', context.replace('|3|', '|4|')],
    ['workspace', context.replace('workspace', 'other')], ['installation', context.replace('installation', 'copy')],
  ])('do not open in the place of another %s', (_what, elsewhere) => {
    expect(() => openBytes(key, sealBytes(key, token, context), elsewhere)).toThrow();
  });

  it.each([4, 8, 12, 15])('do not open with a tag of %i bytes', (length) => {
    const cipher = createCipheriv('aes-256-gcm', key, Buffer.alloc(12, 1), { authTagLength: 16 });
    cipher.setAAD(Buffer.from(context));
    const body = Buffer.concat([cipher.update(token), cipher.final()]);
    expect(() => openBytes(key, Buffer.concat([Buffer.of(1), Buffer.alloc(12, 1), cipher.getAuthTag().subarray(0, length), body]), context)).toThrow();
    expect(() => openBytes(key, Buffer.concat([Buffer.of(1), Buffer.alloc(12, 1), cipher.getAuthTag().subarray(0, length)]), context)).toThrow();
  });

  it('never use an IV twice', () => {
    // A million by TRIBUTARY_TEST_IVS=1000000.
    const count = Number(process.env['TRIBUTARY_TEST_IVS'] ?? 20_000);
    const ivs = new Set(Array.from({ length: count }, () => sealBytes(key, token, context).subarray(1, 13).toString('hex')));
    expect(ivs.size).toBe(count);
  });

  it('of another format are refused', () => {
    const sealed = sealBytes(key, token, context);
    sealed[0] = 2;
    expect(() => openBytes(key, sealed, context)).toThrow('format');
    expect(() => openBytes(key, Buffer.alloc(0), context)).toThrow('format');
  });
});
