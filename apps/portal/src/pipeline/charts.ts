import type { QueryAnswer, TimeGrain } from '@tributary/api-contracts';
import type { ChartColours } from '../app/chart-colours.ts';
import type { ChartData } from '../shared/chart/chart.ts';
import { baseOption, nameAxis, valueAxis, widthOfNames } from '../shared/chart/option-parts.ts';
import type { Format } from '../shared/format.ts';
import { figureOf, labelOf, textOf, timeColumnOf } from './figure.ts';
import { isRunning, timeLabelOf } from './time-label.ts';

/** What every chart of the board is drawn with. */
export interface Drawing {
  readonly colours: ChartColours;
  readonly format: Format;
  readonly words: Readonly<Record<'amount' | 'weighted' | 'count' | 'bookings' | 'created' | 'byCount' | 'byAmount' | 'running', string>>;
  /** Width in pixels that names along a bar may take. */
  readonly nameWidth: number;
}

/** Categories a bar chart shows at most; the table twin has all of them. */
export const maxBars = 12;

/** Bars of open amount by a dimension, the weighted part solid when the answer has it. */
export function amountBars(answer: QueryAnswer, dimension: string, { colours, format, words, nameWidth }: Drawing): ChartData {
  const rows = answer.rows.slice(0, maxBars).map((row) => ({
    key: textOf(row, dimension) ?? '', name: labelOf(answer, row, dimension),
    amount: figureOf(answer, 'pipeline.open_amount', row), count: figureOf(answer, 'pipeline.open_count', row), weighted: figureOf(answer, 'pipeline.weighted_amount', row),
  }));
  const names = widthOfNames(rows.map(({ name }) => name), nameWidth);
  const layered = rows.some(({ weighted }) => weighted.column !== undefined);
  const marks = rows.map(({ key, name, amount, count, weighted }) => ({
    key,
    lines: [name, `${words.amount}: ${format.figure(amount.value, amount.column)}`, ...(weighted.column === undefined ? [] : [`${words.weighted}: ${format.figure(weighted.value, weighted.column)}`]), `${words.count}: ${format.figure(count.value, count.column)}`],
  }));
  const currency = rows[0]?.amount.column?.currency;
  const bar = { type: 'bar', barMaxWidth: 20, barCategoryGap: '42%', cursor: 'pointer' };
  const values = rows.map(({ amount }) => Number(amount.value ?? 0));
  const label = { show: true, position: 'right', distance: 8, color: colours.text, fontSize: 12, formatter: ({ dataIndex }: { dataIndex: number }) => format.figure(rows[dataIndex]?.amount.value ?? null, rows[dataIndex]?.amount.column, { short: true }) };
  return {
    marks,
    option: {
      ...baseOption(colours, marks),
      grid: { left: names + 14, right: 68, top: 4, bottom: 4, outerBoundsMode: 'none' },
      xAxis: { ...valueAxis(colours, (value) => format.moneyShort(String(value), currency)), axisLabel: { show: false }, splitLine: { show: false } },
      yAxis: { ...nameAxis(colours, rows.map(({ name }) => name), names), inverse: true, axisLine: { show: false } },
      series: layered
        ? [
            { ...bar, data: values, itemStyle: { color: `${colours.series[0]}45`, borderRadius: 5 }, label, z: 1 },
            { ...bar, data: rows.map(({ weighted }) => Number(weighted.value ?? 0)), barGap: '-100%', itemStyle: { color: colours.series[0], borderRadius: 5 }, z: 2 },
          ]
        : [{ ...bar, data: values, itemStyle: { color: colours.series[0], borderRadius: 5 }, label }],
    },
  };
}

/** Bookings beside created pipeline along time; the running period is drawn as an outline. */
export function trendBars(answer: QueryAnswer, grain: TimeGrain, { colours, format, words }: Drawing, now: number): ChartData {
  const time = timeColumnOf(answer);
  const rows = answer.rows.map((row) => ({ name: timeLabelOf(answer, row, grain, format), running: isRunning(answer, row, grain, now), key: textOf(row, time?.key ?? '') ?? '', won: figureOf(answer, 'bookings.won_amount', row), created: figureOf(answer, 'pipeline.created_amount', row) }));
  const marks = rows.map(({ name, key, running, won, created }) => ({
    key, lines: [running ? `${name} (${words.running})` : name, `${words.bookings}: ${format.figure(won.value, won.column)}`, `${words.created}: ${format.figure(created.value, created.column)}`],
  }));
  const series = (values: readonly (string | null)[], colour: string) => ({
    type: 'bar', barMaxWidth: 18, barGap: '18%', cursor: 'pointer', itemStyle: { color: colour, borderRadius: [4, 4, 0, 0] },
    data: values.map((value, index) => ({ value: Number(value ?? 0), ...(rows[index]?.running === true ? { itemStyle: { color: `${colour}30`, borderColor: colour, borderWidth: 1.5, borderType: 'dashed', borderRadius: [4, 4, 0, 0] } } : {}) })),
  });
  return {
    marks,
    option: {
      ...baseOption(colours, marks),
      grid: { left: 58, right: 8, top: 12, bottom: 26, outerBoundsMode: 'none' },
      xAxis: nameAxis(colours, rows.map(({ name }) => name)),
      yAxis: valueAxis(colours, (value) => format.moneyShort(String(value), rows[0]?.won.column?.currency)),
      series: [series(rows.map(({ won }) => won.value), colours.series[0]), series(rows.map(({ created }) => created.value), colours.series[1])],
    },
  };
}

/** Win rates by owner as two marks on one line: by deals a circle, by amount a diamond. */
export function rateDots(answer: QueryAnswer, dimension: string, { colours, format, words, nameWidth }: Drawing): ChartData {
  const rows = answer.rows
    .map((row) => ({ key: textOf(row, dimension) ?? '', name: labelOf(answer, row, dimension), count: figureOf(answer, 'win_rate.by_count', row), amount: figureOf(answer, 'win_rate.by_amount', row) }))
    .filter(({ count }) => count.value !== null)
    .toSorted((a, b) => Number(b.count.value) - Number(a.count.value))
    .slice(0, maxBars);
  const marks = rows.map(({ key, name, count, amount }) => ({
    key, lines: [name, `${words.byCount}: ${format.figure(count.value, count.column)} (${count.numerator ?? '?'}/${count.denominator ?? '?'})`, `${words.byAmount}: ${format.figure(amount.value, amount.column)}`],
  }));
  const names = widthOfNames(rows.map(({ name }) => name), nameWidth);
  const dots = (pick: (row: (typeof rows)[number]) => string | null, symbol: string, size: number, colour: string) => ({
    type: 'scatter', symbol, symbolSize: size, cursor: 'pointer', z: 3, itemStyle: { color: colour, borderColor: colours.card, borderWidth: 1.5 },
    data: rows.map((row, index) => [pick(row) === null ? NaN : Number(pick(row)), index]),
  });
  const spread = rows.map(({ count, amount }) => [Number(count.value ?? 0), Number(amount.value ?? count.value ?? 0)] as const);
  const thin = { type: 'bar', stack: 'spread', barWidth: 3, silent: true, tooltip: { show: false } };
  return {
    marks,
    option: {
      ...baseOption(colours, marks),
      grid: { left: names + 14, right: 22, top: 4, bottom: 26, outerBoundsMode: 'none' },
      xAxis: { ...valueAxis(colours, (value) => format.percent(String(value)).replace(/[.,]0/, '')), max: 1, interval: 0.25 },
      yAxis: { ...nameAxis(colours, rows.map(({ name }) => name), names), inverse: true, axisLine: { show: false } },
      series: [
        dots(({ count }) => count.value, 'circle', 13, colours.series[0]),
        dots(({ amount }) => amount.value, 'diamond', 15, colours.series[1]),
        { ...thin, data: spread.map(([a, b]) => Math.min(a, b)), itemStyle: { color: 'transparent' } },
        { ...thin, data: spread.map(([a, b]) => Math.abs(a - b)), itemStyle: { color: colours.line } },
      ],
    },
  };
}
