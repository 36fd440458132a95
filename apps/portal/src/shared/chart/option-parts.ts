import { chartFont, type ChartColours } from '../../app/chart-colours.ts';
import type { ChartMark } from './chart.ts';

/** Ground of every chart: no movement where none is wanted, tooltips as text. */
export function baseOption(colours: ChartColours, marks: readonly ChartMark[]) {
  return {
    animationDuration: 350,
    animationDurationUpdate: 250,
    animation: !matchMedia('(prefers-reduced-motion: reduce)').matches,
    color: [...colours.series],
    textStyle: { fontFamily: chartFont, color: colours.text },
    aria: { enabled: true },
    tooltip: {
      trigger: 'item', confine: true, transitionDuration: 0.1, backgroundColor: colours.card, borderColor: colours.line, padding: [8, 12], textStyle: { color: colours.text, fontSize: 13 },
      formatter: ({ dataIndex }: { dataIndex: number }) => tooltipOf(marks[dataIndex]?.lines ?? []),
    },
  };
}

/** Built from text nodes: what comes from data can never become markup. */
export function tooltipOf(lines: readonly string[]): HTMLElement {
  const box = document.createElement('div');
  lines.forEach((line, index) => {
    const row = document.createElement('div');
    row.textContent = line;
    if (index === 0) row.style.fontWeight = '600';
    box.append(row);
  });
  return box;
}

/** An axis of values that starts at 0. */
export function valueAxis(colours: ChartColours, format: (value: number) => string) {
  return {
    type: 'value', min: 0, splitNumber: 4, axisLine: { show: false }, axisTick: { show: false }, splitLine: { lineStyle: { color: colours.line, type: [3, 4] } },
    axisLabel: { color: colours.quiet, fontSize: 12, hideOverlap: true, formatter: (value: number) => format(value) },
  };
}

/** Pixels that names beside bars need, at most `limit`. */
export function widthOfNames(names: readonly string[], limit: number): number {
  const longest = Math.max(0, ...names.map((name) => name.length));
  return Math.min(limit, Math.ceil(longest * 6.9));
}

/** An axis of names. */
export function nameAxis(colours: ChartColours, names: readonly string[], width?: number) {
  return {
    type: 'category', data: [...names], axisTick: { show: false }, axisLine: { lineStyle: { color: colours.line } },
    axisLabel: { color: colours.text, fontSize: 12.5, ...(width === undefined ? { hideOverlap: true } : { width, overflow: 'truncate', interval: 0 }) },
  };
}
