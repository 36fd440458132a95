import type { QueryColumn } from '@tributary/api-contracts';

type Decimal = `${number}`;

/** Everything the portal prints that depends on the language; decimals come as strings and are never turned into floats. */
export interface Format {
  /** 1,234,567 */
  count(value: string | number): string;
  /** €1,234,567.89; without cents when `whole`. */
  money(value: string, currency: string | null | undefined, options?: { whole?: boolean }): string;
  /** €1.2M */
  moneyShort(value: string, currency: string | null | undefined): string;
  /** 12.3K */
  countShort(value: string | number): string;
  /** A ratio between 0 and 1 as percent. */
  percent(value: string): string;
  /** A ratio as whole percent, for progress. */
  percentWhole(value: number): string;
  /** 42.5 with at most one decimal. */
  decimal(value: string): string;
  /** 3 Nov 2026, from an ISO date or instant. */
  date(iso: string): string;
  /** Nov 2026 */
  month(iso: string): string;
  /** 3 Nov, 14:05 */
  dateTime(iso: string): string;
  /** 14:05:09 */
  time(iso: string): string;
  /** 3 minutes ago */
  ago(iso: string, now: number): string;
  /** 2 min 5 s */
  duration(seconds: number): string;
  /** A figure by its column: money, count, ratio or days; null as a dash. */
  figure(value: unknown, column: { readonly unit?: QueryColumn['unit'] | undefined; readonly currency?: string | null | undefined } | undefined, options?: { short?: boolean }): string;
}

/** @param locale BCP 47 tag */
export function formatFor(locale: string): Format {
  const whole = new Intl.NumberFormat(locale, { maximumFractionDigits: 0 });
  const tenth = new Intl.NumberFormat(locale, { maximumFractionDigits: 1 });
  const compact = new Intl.NumberFormat(locale, { notation: 'compact', maximumSignificantDigits: 3 });
  const percent = new Intl.NumberFormat(locale, { style: 'percent', maximumFractionDigits: 1, minimumFractionDigits: 1 });
  const wholePercent = new Intl.NumberFormat(locale, { style: 'percent', maximumFractionDigits: 0 });
  const date = new Intl.DateTimeFormat(locale, { day: 'numeric', month: 'short', year: 'numeric', timeZone: 'UTC' });
  const month = new Intl.DateTimeFormat(locale, { month: 'short', year: 'numeric', timeZone: 'UTC' });
  const dateTime = new Intl.DateTimeFormat(locale, { day: 'numeric', month: 'short', hour: '2-digit', minute: '2-digit' });
  const time = new Intl.DateTimeFormat(locale, { hour: '2-digit', minute: '2-digit', second: '2-digit' });
  const relative = new Intl.RelativeTimeFormat(locale, { numeric: 'auto' });
  const currencies = new Map<string, Intl.NumberFormat>();

  const currencyFormat = (currency: string, options: Intl.NumberFormatOptions): Intl.NumberFormat => {
    const key = `${currency}${JSON.stringify(options)}`;
    const known = currencies.get(key) ?? new Intl.NumberFormat(locale, { style: 'currency', currency, currencyDisplay: 'narrowSymbol', ...options });
    currencies.set(key, known);
    return known;
  };
  const number = (value: string | number, as: Intl.NumberFormat): string => {
    const read = typeof value === 'number' ? value : decimalOf(value);
    return read === undefined ? String(value) : as.format(read);
  };

  const format: Format = {
    count: (value) => number(value, whole),
    countShort: (value) => number(value, Math.abs(Number(value)) < 10_000 ? whole : compact),
    decimal: (value) => number(value, tenth),
    percent: (value) => number(value, percent),
    percentWhole: (value) => wholePercent.format(value),
    money: (value, currency, { whole: withoutCents = false } = {}) => {
      if (currency === null || currency === undefined) return number(value, withoutCents ? whole : tenth);
      return number(value, currencyFormat(currency, withoutCents ? { maximumFractionDigits: 0 } : {}));
    },
    moneyShort: (value, currency) =>
      number(value, currency === null || currency === undefined ? compact : currencyFormat(currency, { notation: 'compact', maximumSignificantDigits: 3 })),
    date: (iso) => date.format(new Date(iso)),
    month: (iso) => month.format(new Date(iso)),
    dateTime: (iso) => dateTime.format(new Date(iso)),
    time: (iso) => time.format(new Date(iso)),
    ago: (iso, now) => {
      const [count, unit] = distance((new Date(iso).getTime() - now) / 1_000);
      return relative.format(count, unit);
    },
    duration: (seconds) => durationParts(seconds).map(([count, unit]) =>
      new Intl.NumberFormat(locale, { style: 'unit', unit, unitDisplay: 'short' }).format(count)).join(' '),
    figure: (value, column, { short = false } = {}) => {
      if (typeof value !== 'string') return '—';
      switch (column?.unit) {
        case 'money':
          return short ? format.moneyShort(value, column.currency) : format.money(value, column.currency, { whole: true });
        case 'ratio':
          return format.percent(value);
        case 'days':
          return format.decimal(value);
        case 'count':
          return short ? format.countShort(value) : format.count(value);
        default:
          return value;
      }
    },
  };
  return format;
}

/** A decimal string as `Intl` takes it, exact at any length; undefined when it is none. */
function decimalOf(value: string): Decimal | undefined {
  return isDecimal(value) ? value : undefined;
}

function isDecimal(value: string): value is Decimal {
  return /^-?\d+(\.\d+)?$/.test(value);
}

function distance(seconds: number): [number, Intl.RelativeTimeFormatUnit] {
  const size = Math.abs(seconds);
  if (size < 5) return [0, 'second'];
  if (size < 60) return [Math.round(seconds), 'second'];
  if (size < 3_600) return [Math.round(seconds / 60), 'minute'];
  if (size < 86_400) return [Math.round(seconds / 3_600), 'hour'];
  return [Math.round(seconds / 86_400), 'day'];
}

function durationParts(seconds: number): [number, 'hour' | 'minute' | 'second'][] {
  const total = Math.max(0, Math.round(seconds));
  const [hours, minutes, rest] = [Math.floor(total / 3_600), Math.floor((total % 3_600) / 60), total % 60];
  if (hours > 0) return minutes === 0 ? [[hours, 'hour']] : [[hours, 'hour'], [minutes, 'minute']];
  if (minutes > 0) return rest === 0 ? [[minutes, 'minute']] : [[minutes, 'minute'], [rest, 'second']];
  return [[rest, 'second']];
}
