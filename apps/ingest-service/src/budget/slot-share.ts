/**
 * How many of its slots a process gives back, one at the end of each call, so that all who wait get their share: the poorest first, until nobody has two
 * more than another. Where there are more processes than slots, the only one goes round.
 * @param holds slots of this process
 * @param waiting slots of each process that waits for one more
 */
export function slotsOwed(holds: number, waiting: readonly number[]): number {
  const others = waiting.toSorted((a, b) => a - b);
  let left = holds;
  for (let owed = 0; ; owed += 1) {
    const [poorest, ...rest] = others;
    if (poorest === undefined || left === 0 || (poorest > 0 && poorest > left - 2)) return owed;
    others.splice(0, others.length, ...[...rest, poorest + 1].toSorted((a, b) => a - b));
    left -= 1;
  }
}
