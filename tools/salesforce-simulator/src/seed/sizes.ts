/** How many records a seed makes; history, line items and members follow. */
export interface SeedSizes {
  readonly accounts: number;
  readonly contacts: number;
  readonly leads: number;
  readonly opportunities: number;
  readonly tasks: number;
  readonly cases: number;
  readonly campaigns: number;
}

export type SeedSize = 'believable' | 'small' | 'empty';

export const seedSizes: Readonly<Record<SeedSize, SeedSizes>> = {
  believable: { accounts: 1_000, contacts: 1_500, leads: 1_200, opportunities: 4_000, tasks: 1_200, cases: 600, campaigns: 24 },
  small: { accounts: 20, contacts: 30, leads: 30, opportunities: 50, tasks: 25, cases: 15, campaigns: 2 },
  empty: { accounts: 0, contacts: 0, leads: 0, opportunities: 0, tasks: 0, cases: 0, campaigns: 0 },
};
