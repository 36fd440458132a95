/** What is known of how somebody proved who they are. */
export interface Proof {
  /** Whether the provider was told to ask again, whatever session it had. */
  readonly fresh: boolean;
  /** When the provider says it asked; undefined when it does not tell. */
  readonly authTime: Date | undefined;
  /** Proof of the session in which the same person went through it; undefined for a first sign-in. */
  readonly before: Date | undefined;
}

/**
 * When somebody last proved who they are. A round trip that a provider may have answered from its own session proves nothing new to a
 * session that is there already.
 */
export function proofInstant({ fresh, authTime, before }: Proof, now: Date): Date {
  if (authTime !== undefined) return authTime < now ? authTime : now;
  return fresh || before === undefined ? now : before;
}
