/** Reasons for which nothing is read for now that the portal has words for. */
const known = { API_BUDGET_RESERVED: 'reserved', API_BUDGET_RUN: 'run', REQUEST_LIMIT_EXCEEDED: 'daily' } as const;

export type HoldWord = (typeof known)[keyof typeof known];

/** Key of the words for a hold; undefined where the server's own sentence says it best. */
export function holdWord(code: string): HoldWord | undefined {
  return Object.entries(known).find(([one]) => one === code)?.[1];
}
