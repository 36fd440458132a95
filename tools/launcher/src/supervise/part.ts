/** One process of the product, from its start to its end. */
export interface RunningPart {
  readonly pid: number;
  /** Settles with how it ended, by whatever cause: `signal SIGKILL`, `exit code 1`. */
  readonly ended: Promise<string>;
  /** Settles when it can work. @throws StartProblem when it ends before that, or takes too long */
  ready(): Promise<void>;
  /** Ends it in good order, or by force when it does not listen. */
  stop(): Promise<void>;
  /** Ends it at once. */
  kill(): Promise<void>;
}

/** A kind of process that can be started again and again. */
export interface Part {
  /** `postgresql`, `nats`, `simulator`, `auth-service`, … */
  readonly name: string;
  start(): Promise<RunningPart>;
  /** Whether it still answers; asked every few seconds. */
  isAlive?(): Promise<boolean>;
}
