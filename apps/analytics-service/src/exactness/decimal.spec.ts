import { describe, expect, it } from 'vitest';
import { add, canonical, compare, decimal, divide, shift, toFixed } from './decimal.ts';

describe('exact decimals', () => {
  it('rounds half away from zero in both directions', () => {
    expect(['2.005', '-2.005', '2.0049', '-0.004', '0.005'].map((text) => toFixed(decimal(text), 2))).toEqual(['2.01', '-2.01', '2.00', '0.00', '0.01']);
  });

  it('divides beyond the precision of floating point', () => {
    expect(divide(decimal('1'), decimal('3'), 6)).toBe('0.333333');
    expect(divide(decimal('2'), decimal('3'), 6)).toBe('0.666667');
    expect(divide(decimal('-1'), decimal('8'), 2)).toBe('-0.13');
    // 9007199254740993 is the first whole number a double cannot hold; halved it ends in .5
    expect(divide(decimal('9007199254740993'), decimal('2'), 1)).toBe('4503599627370496.5');
    expect(divide(decimal('5'), decimal('0.00'), 6)).toBeNull();
  });

  it('adds, shifts and compares over different scales', () => {
    expect(toFixed(add(decimal('2.02'), decimal('3.055')), 3)).toBe('5.075');
    expect(toFixed(shift(decimal('1234'), 2), 2)).toBe('12.34');
    expect([compare(decimal('1.10'), decimal('1.1')), compare(decimal('-2'), decimal('1.999')), compare(decimal('3'), decimal('2.9'))]).toEqual([0, -1, 1]);
  });

  it('gives one text for one value', () => {
    expect(['10.50', '10.5', '0.00', '-3.10', '100', '-0.0'].map(canonical)).toEqual(['10.5', '10.5', '0', '-3.1', '100', '0']);
  });

  it('refuses what is not a plain decimal', () => {
    for (const text of ['1e5', 'NaN', '', '1.', '.5', '0x10']) expect(() => decimal(text)).toThrow(RangeError);
  });
});
