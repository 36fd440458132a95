/** When columns go into groups, each of which is one value of its row. */
export interface RowBounds {
  /** Most fields with columns of their own that a table gets. */
  readonly own: number;
  /** Most columns of one group. */
  readonly group: number;
}

/**
 * A row of PostgreSQL has 8,160 bytes, and of a value at most 25 stay in it: a longer one leaves a pointer of 18. So 280 values and the groups of 1,590 columns always fit.
 * Larger groups would be opened for the sake of fewer columns, and a function of PostgreSQL takes 100 values.
 */
export const usualBounds: RowBounds = { own: 280, group: 100 };

/** Most columns of an object: a row of PostgreSQL lists 1,600 at most, and a few are Tributary's own. */
export const mostColumns = 1_590;

export const mostGroups = Math.ceil((mostColumns - usualBounds.own) / usualBounds.group);
