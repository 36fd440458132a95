/** Why the product cannot start, in one sentence a person can act on. */
export class StartProblem extends Error {
  override readonly name = 'StartProblem';
}

/** The message of whatever was thrown. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
