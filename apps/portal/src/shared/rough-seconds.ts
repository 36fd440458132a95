/** Seconds to show for estimated minutes: those of a long time would promise more than an estimate knows. */
export function roughSeconds(minutes: number): number {
  return minutes < 1 ? Math.max(1, Math.round(minutes * 60)) : Math.round(minutes) * 60;
}
