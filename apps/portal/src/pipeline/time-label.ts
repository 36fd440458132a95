import type { QueryAnswer, QueryRow, TimeGrain } from '@tributary/api-contracts';
import type { Format } from '../shared/format.ts';
import { textOf, timeColumnOf } from './figure.ts';

const lengthDays: Readonly<Record<TimeGrain, number>> = { day: 1, week: 7, month: 31, fiscal_month: 35, quarter: 92, fiscal_quarter: 98, year: 366, fiscal_year: 371 };

/** Name of a row's time bucket: months by the reader's language, longer ones by the server's label, such as `FY27 Q1`. */
export function timeLabelOf(answer: QueryAnswer, row: QueryRow, grain: TimeGrain, format: Format): string {
  const time = timeColumnOf(answer);
  const value = time === undefined ? null : textOf(row, time.key);
  if (time === undefined || value === null) return '—';
  const named = textOf(row, time.labelKey ?? `${time.key}.label`);
  if (!isDay(value)) return named ?? value;
  if (grain === 'month' || grain === 'fiscal_month') return format.month(value);
  if (named !== null) return named;
  if (grain === 'quarter') return `Q${Math.ceil(Number(value.slice(5, 7)) / 3)} ${value.slice(0, 4)}`;
  return grain === 'year' ? value.slice(0, 4) : format.date(value);
}

/** Whether a row's time bucket has begun and not ended. */
export function isRunning(answer: QueryAnswer, row: QueryRow, grain: TimeGrain, now: number): boolean {
  const value = textOf(row, timeColumnOf(answer)?.key ?? '');
  if (value === null || !isDay(value)) return false;
  const ageDays = (now - Date.parse(value)) / 86_400_000;
  return ageDays >= 0 && ageDays < lengthDays[grain] && row === answer.rows.at(-1);
}

function isDay(value: string): boolean {
  return /^\d{4}-\d{2}-\d{2}/.test(value);
}
