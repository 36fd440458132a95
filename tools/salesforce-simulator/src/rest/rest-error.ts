import { json, type Reply } from '../http/reply.ts';
import { SoqlError } from '../soql/soql-error.ts';

/** A refusal of a data API: always an array of one error. */
export class RestError extends Error {
  readonly status: number;
  readonly code: string;

  constructor(status: number, code: string, message: string) {
    super(message);
    this.status = status;
    this.code = code;
  }

  reply(): Reply {
    return json(this.status, [{ message: this.message, errorCode: this.code }]);
  }
}

export const notFound = (): RestError => new RestError(404, 'NOT_FOUND', 'The requested resource does not exist');

/** The refusal behind an error; undefined for what is none. */
export function refusalOf(error: unknown): RestError | undefined {
  if (error instanceof RestError) return error;
  return error instanceof SoqlError ? new RestError(400, error.code, error.message) : undefined;
}
