import type { SimulatedRow } from './simulator-control.ts';

/** Money in whole cents, so that sums are exact. */
export type Cents = bigint;

export function cents(value: unknown): Cents {
  const text = typeof value === 'number' ? value.toFixed(2) : typeof value === 'string' ? value : '0';
  const [, sign = '', whole = '0', fraction = ''] = /^(-?)(\d+)(?:\.(\d+))?$/.exec(text) ?? [];
  const scaled = BigInt(whole) * 100n + BigInt(fraction.slice(0, 2).padEnd(2, '0'));
  return sign === '-' ? -scaled : scaled;
}

export const living = (rows: readonly SimulatedRow[]): SimulatedRow[] => rows.filter((row) => row['IsDeleted'] !== true);
export const openDeals = (rows: readonly SimulatedRow[]): SimulatedRow[] => living(rows).filter((row) => row['IsClosed'] === false);
export const sum = (rows: readonly SimulatedRow[]): Cents => rows.reduce((total, row) => total + cents(row['Amount']), 0n);

/** Sum of amount times probability, rounded at the end. */
export function weighted(rows: readonly SimulatedRow[]): Cents {
  const hundredths = rows.reduce((total, row) => total + cents(row['Amount']) * cents(row['Probability']), 0n);
  return (hundredths + 5_000n) / 10_000n;
}
