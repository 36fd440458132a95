import { json, type Reply } from '../http/reply.ts';

/** A refusal of the token endpoint. */
export class OAuthError extends Error {
  readonly error: string;

  constructor(error: string, description: string) {
    super(description);
    this.error = error;
  }

  reply(): Reply {
    return json(400, { error: this.error, error_description: this.message }, { 'cache-control': 'no-store' });
  }
}
