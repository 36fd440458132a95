/** An exact decimal number: `unscaled` × 10^-`scale`. */
export interface Decimal {
  readonly unscaled: bigint;
  readonly scale: number;
}

export const zero: Decimal = { unscaled: 0n, scale: 0 };

const plainDecimal = /^(-?)(\d+)(?:\.(\d+))?$/;

/** A decimal from its plain notation, such as `-12.50`. @throws RangeError for anything else */
export function decimal(text: string): Decimal {
  const match = plainDecimal.exec(text);
  if (match === null) throw new RangeError(`not a plain decimal: ${text.slice(0, 40)}`);
  const [, sign = '', whole = '0', fraction = ''] = match;
  return { unscaled: BigInt(`${sign}${whole}${fraction}`), scale: fraction.length };
}

/** Plain notation with exactly `scale` digits after the point; rounds half away from zero. */
export function toFixed(value: Decimal, scale: number): string {
  return notation(rescale(value, scale), scale);
}

/** Plain notation without trailing zeros: `10.50` and `10.5` are the same value and give the same text. */
export function canonical(text: string): string {
  const fixed = toFixed(decimal(text), decimal(text).scale);
  return fixed.includes('.') ? fixed.replace(/\.?0+$/, '') : fixed;
}

/** Quotient with `scale` digits, half away from zero; null when the divisor is 0. */
export function divide(dividend: Decimal, divisor: Decimal, scale: number): string | null {
  if (divisor.unscaled === 0n) return null;
  const numerator = dividend.unscaled * 10n ** BigInt(divisor.scale + scale);
  const denominator = divisor.unscaled * 10n ** BigInt(dividend.scale);
  return notation(divideHalfAway(numerator, denominator), scale);
}

export function add(left: Decimal, right: Decimal): Decimal {
  const scale = Math.max(left.scale, right.scale);
  return { unscaled: raise(left, scale) + raise(right, scale), scale };
}

/** The value times 10^-`places`, exactly. */
export function shift(value: Decimal, places: number): Decimal {
  return { unscaled: value.unscaled, scale: value.scale + places };
}

/** Negative, 0 or positive, like a sort function. */
export function compare(left: Decimal, right: Decimal): number {
  const scale = Math.max(left.scale, right.scale);
  const difference = raise(left, scale) - raise(right, scale);
  return difference < 0n ? -1 : difference > 0n ? 1 : 0;
}

function raise({ unscaled, scale }: Decimal, to: number): bigint {
  return unscaled * 10n ** BigInt(to - scale);
}

function rescale(value: Decimal, scale: number): bigint {
  return value.scale <= scale ? raise(value, scale) : divideHalfAway(value.unscaled, 10n ** BigInt(value.scale - scale));
}

function divideHalfAway(numerator: bigint, denominator: bigint): bigint {
  const negative = numerator < 0n !== denominator < 0n;
  const [top, bottom] = [numerator < 0n ? -numerator : numerator, denominator < 0n ? -denominator : denominator];
  const rounded = (2n * top + bottom) / (2n * bottom);
  return negative ? -rounded : rounded;
}

function notation(unscaled: bigint, scale: number): string {
  const digits = (unscaled < 0n ? -unscaled : unscaled).toString().padStart(scale + 1, '0');
  const whole = digits.slice(0, digits.length - scale);
  const text = scale === 0 ? whole : `${whole}.${digits.slice(digits.length - scale)}`;
  return unscaled < 0n ? `-${text}` : text;
}
