/** One mark of a chart that can be reached by mouse and by keyboard. */
export interface ChartMark {
  /** What is read out and shown beside the mark, line by line. */
  readonly lines: readonly string[];
  /** What the mark stands for; given back when it is chosen. */
  readonly key: string;
}

/** What a chart shows beside its ECharts option: the marks of each category, in the order of the axis. */
export interface ChartData {
  readonly option: Record<string, unknown>;
  readonly marks: readonly ChartMark[];
}
