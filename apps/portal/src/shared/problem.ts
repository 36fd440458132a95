import { Problem } from '@tributary/api-contracts';

/** What kept a call from its answer; always with a code, so that the page can say what to do. */
export class ApiProblem extends Error {
  override readonly name = 'ApiProblem';
  constructor(
    /** HTTP status; 0 when the server was not reached. */
    readonly status: number,
    /** Stable code of the server, or `OFFLINE`, `SERVER_UNREACHABLE`, `ANSWER_INVALID`. */
    readonly code: string,
    /** What happened, in a sentence of the server; empty when the portal has its own words for the code. */
    readonly detail: string,
    /** What the person can do, in a sentence of the server. */
    readonly action: string | undefined,
    /** Under which the operator finds the request in the log; undefined when it never arrived. */
    readonly correlationId: string | undefined,
    options?: ErrorOptions,
  ) {
    super(`${code}: ${detail}`, options);
  }
}

/** The problem a failed answer carries; an answer that is no problem document is described by its status alone. */
export function problemOfAnswer(status: number, body: unknown, correlationId: string | null): ApiProblem {
  const known = Problem.safeParse(body);
  if (known.success) return new ApiProblem(status, known.data.code, known.data.detail, known.data.action, known.data.correlationId);
  return new ApiProblem(status, status >= 500 ? 'SERVER_UNREACHABLE' : `HTTP_${status}`, '', undefined, correlationId ?? undefined);
}

/** Anything thrown, as a problem that can be shown. */
export function toApiProblem(error: unknown): ApiProblem {
  if (error instanceof ApiProblem) return error;
  return new ApiProblem(0, 'UNEXPECTED', '', undefined, undefined, { cause: error });
}

/** Whether the session is missing or has ended. */
export function isSignedOut(error: unknown): boolean {
  return error instanceof ApiProblem && error.status === 401;
}
