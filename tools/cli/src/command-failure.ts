/** Exit codes, for scripts. */
export const exitCodes = { failed: 1, usage: 2, unreachable: 3, negative: 4 } as const;

/** What ends a command: one sentence for people, a code for scripts. */
export class CommandFailure extends Error {
  /** `negative`: the command worked and its answer is no, such as a check that failed. */
  readonly exit: keyof typeof exitCodes;
  readonly code: string;

  constructor(message: string, exit: keyof typeof exitCodes = 'failed', code = 'COMMAND_FAILED') {
    super(message);
    this.exit = exit;
    this.code = code;
  }
}
