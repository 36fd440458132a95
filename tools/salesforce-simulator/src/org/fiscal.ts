/** First month of the fiscal year, 1 to 12. The year is named after the calendar year in which it ends. */
export const fiscalYearStartMonth = 2;

export interface FiscalDate {
  readonly year: number;
  readonly quarter: number;
  /** Month of the fiscal year, 1 to 12. */
  readonly month: number;
}

/** Fiscal year, quarter and month of a date such as `2026-11-20`. */
export function fiscalOf(date: string): FiscalDate {
  const year = Number(date.slice(0, 4));
  const calendarMonth = Number(date.slice(5, 7));
  const month = ((calendarMonth - fiscalYearStartMonth + 12) % 12) + 1;
  return { year: calendarMonth >= fiscalYearStartMonth && fiscalYearStartMonth > 1 ? year + 1 : year, quarter: Math.ceil(month / 3), month };
}

/** First day of a fiscal month; months beyond 12 run into the following years. */
export function fiscalMonthStart(year: number, month: number): string {
  const calendarYear = fiscalYearStartMonth > 1 ? year - 1 : year;
  return new Date(Date.UTC(calendarYear, fiscalYearStartMonth - 2 + month, 1)).toISOString().slice(0, 10);
}
