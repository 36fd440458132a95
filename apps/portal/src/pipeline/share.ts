/**
 * Part of a whole as a ratio with three decimals, for a sentence beside the figures; both are decimal strings.
 * @returns undefined when there is no whole
 */
export function shareOf(part: string | null, whole: string | null): string | undefined {
  if (part === null || whole === null || Number(whole) <= 0) return undefined;
  return (Number(part) / Number(whole)).toFixed(3);
}
