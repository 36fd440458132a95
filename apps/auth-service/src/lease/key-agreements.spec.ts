import { generateKeyPairSync } from 'node:crypto';
import { expect, it } from 'vitest';
import { KeyAgreements } from './key-agreements.ts';

const [one, other] = [generateKeyPairSync('x25519').publicKey, generateKeyPairSync('x25519').publicKey];

it('agrees anew after a second, after a thousand leases, and with each recipient', () => {
  let now = 0;
  const agreements = new KeyAgreements(() => now);
  const first = agreements.with(one);
  expect(agreements.with(one)).toBe(first);
  const elsewhere = agreements.with(other);
  expect(elsewhere.wrappingKey.equals(first.wrappingKey)).toBe(false);
  now = 999;
  expect(agreements.with(one)).toBe(first);
  now = 1_000;
  const second = agreements.with(one);
  expect([second.header === first.header, second.wrappingKey.equals(first.wrappingKey)]).toEqual([false, false]);
  for (let lease = 1; lease < 1_000; lease += 1) expect(agreements.with(one)).toBe(second);
  expect(agreements.with(one).wrappingKey.equals(second.wrappingKey)).toBe(false);
});
