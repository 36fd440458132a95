import { add, compare, decimal, divide, shift, toFixed, zero, type Decimal } from '../exactness/decimal.ts';
import type { Metric } from '../metric/metric.ts';

/** A result row of an engine. */
export type EngineRow = Readonly<Record<string, string | null>>;

/** A metric's cell: its value, the parts people check it by, and why there is none. */
export interface Cell {
  readonly value: string | null;
  readonly parts: Readonly<Record<string, string>>;
  readonly why: string | null;
}

const ratioScale = 6;
const one: Decimal = { unscaled: 1n, scale: 0 };
const two: Decimal = { unscaled: 2n, scale: 0 };

/** The cell of metric number `index`; everything that needs a division is divided here, exactly. */
export function finishMetric(metric: Metric, index: number, row: EngineRow, moneyScale: number): Cell {
  const part = (name: string): string | null => row[`m${index}_${name}`] ?? null;
  const { measure } = metric;
  switch (measure.kind) {
    case 'count':
      return { value: toFixed(number(part('value')), 0), parts: {}, why: null };
    case 'sum': {
      const sum = number(part('value'));
      // Probability is a percentage.
      return { value: toFixed(measure.term.of === 'amount_times_probability' ? shift(sum, 2) : sum, moneyScale), parts: {}, why: null };
    }
    case 'ratio': {
      const [n, d] = [number(part('n')), number(part('d'))];
      const value = divide(n, d, metric.unit === 'money' ? moneyScale : ratioScale);
      const shown = (kind: 'count' | 'sum', amount: Decimal): string => toFixed(amount, kind === 'count' ? 0 : moneyScale);
      return { value, parts: { n: shown(measure.numerator.fn, n), d: shown(measure.denominator.fn, d) }, why: value === null ? 'denominator_zero' : null };
    }
    case 'median': {
      const [low, high, n] = [part('low'), part('high'), toFixed(number(part('n')), 0)];
      if (low === null || high === null) return { value: null, parts: { n }, why: 'no_rows' };
      return { value: median(decimal(low), decimal(high), metric.unit === 'money' ? moneyScale : 1), parts: { n }, why: null };
    }
    default:
      return measure satisfies never;
  }
}

/** Half of the sum of the two middle values; days lose a zero after the point. */
function median(low: Decimal, high: Decimal, scale: number): string {
  return divide(add(low, high), two, scale) ?? '0';
}

function number(text: string | null): Decimal {
  return text === null ? zero : decimal(text);
}

/** Sorts result rows by the exact value of a metric; cells without value come last. */
export function compareMetric(metric: Metric, index: number, left: EngineRow, right: EngineRow, dir: 'asc' | 'desc'): number {
  const [a, b] = [fraction(metric, index, left), fraction(metric, index, right)];
  if (a === undefined || b === undefined) return a === b ? 0 : a === undefined ? 1 : -1;
  const order = compare(multiply(a.n, b.d), multiply(b.n, a.d));
  return dir === 'asc' ? order : -order;
}

function fraction({ measure }: Metric, index: number, row: EngineRow): { readonly n: Decimal; readonly d: Decimal } | undefined {
  const part = (name: string): string | null => row[`m${index}_${name}`] ?? null;
  if (measure.kind === 'median') {
    const [low, high] = [part('low'), part('high')];
    return low === null || high === null ? undefined : { n: add(decimal(low), decimal(high)), d: one };
  }
  if (measure.kind !== 'ratio') return { n: number(part('value')), d: one };
  const [n, d] = [number(part('n')), number(part('d'))];
  if (d.unscaled === 0n) return undefined;
  // A negative denominator would turn the comparison around.
  return d.unscaled < 0n ? { n: negate(n), d: negate(d) } : { n, d };
}

function multiply(left: Decimal, right: Decimal): Decimal {
  return { unscaled: left.unscaled * right.unscaled, scale: left.scale + right.scale };
}

function negate({ unscaled, scale }: Decimal): Decimal {
  return { unscaled: -unscaled, scale };
}
