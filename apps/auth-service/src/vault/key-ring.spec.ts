import { Secret } from '@tributary/failures';
import { describe, expect, it } from 'vitest';
import { KeyRing } from './key-ring.ts';

const [first, second] = [Buffer.alloc(32, 1).toString('base64'), Buffer.alloc(32, 2).toString('base64')];

describe('the master keys', () => {
  it('seal with the first and open with all', () => {
    const ring = KeyRing.parse(Secret.of(`${first}, ${second}`));
    const other = KeyRing.parse(Secret.of(second));
    expect(ring.find(ring.sealing.id)?.key.equals(Buffer.alloc(32, 1))).toBe(true);
    expect(ring.find(other.sealing.id)?.key.equals(Buffer.alloc(32, 2))).toBe(true);
    expect(other.find(ring.sealing.id)).toBeUndefined();
  });

  it('are named by the first eight bytes of their hash', () => {
    // printf '\x01%.0s' {1..32} | sha256sum
    expect(KeyRing.parse(Secret.of(first)).sealing.id).toBe('72cd6e8422c407fb');
  });

  it.each(['', 'short', Buffer.alloc(31).toString('base64'), Buffer.alloc(33).toString('base64'), `${first},`, `${first}\n${second}`])('are refused when they are not 32 bytes each (%j)', (text) => {
    expect(() => KeyRing.parse(Secret.of(text))).toThrow('TRIBUTARY_MASTER_KEY');
  });

  it('never show in the error', () => {
    expect(() => KeyRing.parse(Secret.of('AAAASECRETAAAA'))).toThrow(expect.objectContaining({ message: expect.not.stringContaining('SECRET') }));
  });
});
