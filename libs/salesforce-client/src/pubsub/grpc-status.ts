/** Status of HTTP for a call that was taken. */
export const reachedStatus = 200;
const noAnswer = 0;
const cancelled = 1;
const unavailable = 14;

/** Statuses of HTTP by those of gRPC, as Google's APIs map them. */
const byGrpc: Readonly<Record<number, number>> = { 3: 400, 4: 504, 5: 404, 6: 409, 7: 403, 8: 429, 9: 400, 10: 409, 11: 400, 12: 501, 13: 500, [unavailable]: 503, 15: 500, 16: 401 };

/** How a call that failed ended, as HTTP has it; a stream that we ended ourselves ended well. @param wasReached whether Salesforce had answered before */
export function httpStatusOf(error: unknown, wasReached: boolean): number {
  const status = error instanceof Error && 'code' in error && typeof error.code === 'number' ? error.code : undefined;
  if (status === undefined || status === cancelled) return wasReached ? reachedStatus : noAnswer;
  if (status === unavailable && !wasReached) return noAnswer;
  return byGrpc[status] ?? 500;
}
