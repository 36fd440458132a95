export interface SparkBar {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/** Bars of a sparkline in a box; each at least a hair high, so that a small value is no gap; null is a gap. */
export function sparkBars(values: readonly (number | null)[], box: { width: number; height: number }, gap = 3): readonly (SparkBar | null)[] {
  const highest = Math.max(...values.map((value) => value ?? 0), 0);
  const width = (box.width - gap * (values.length - 1)) / values.length;
  return values.map((value, index) => {
    if (value === null) return null;
    const height = highest === 0 ? 1.5 : Math.max(1.5, (value / highest) * box.height);
    return { x: index * (width + gap), y: box.height - height, width, height };
  });
}
