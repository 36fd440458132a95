/** The family of the page; ECharts measures names with it, so it cannot be `inherit`. */
export const chartFont = '"Inter", "SF Pro Text", "Segoe UI Variable Text", "Segoe UI", Roboto, "Helvetica Neue", "Liberation Sans", Arial, sans-serif';

/** Colours a chart needs in one theme. */
export interface ChartColours {
  /** Eight categories, told apart also by readers with colour blindness; at least 3:1 against the card. */
  readonly series: readonly [string, string, string, string, string, string, string, string];
  readonly card: string;
  readonly text: string;
  readonly quiet: string;
  readonly line: string;
}

export const chartColours: Readonly<Record<'light' | 'dark', ChartColours>> = {
  light: {
    series: ['#1667c4', '#c2570c', '#0b8577', '#a8358f', '#8f6c00', '#5b50c8', '#b3323d', '#5b6b82'],
    card: '#ffffff', text: '#334054', quiet: '#5d6a7e', line: '#dfe4ec',
  },
  dark: {
    series: ['#5aa2f0', '#f0914a', '#3fc1ae', '#df84cb', '#d6b04a', '#a59cf5', '#f0838a', '#9fb0c8'],
    card: '#121a28', text: '#cfd7e3', quiet: '#9aa6b9', line: '#223046',
  },
};
