import type { Reply } from '../http/reply.ts';
import type { HttpRequest } from '../http/request.ts';
import { exchangeCode } from './code-grant.ts';
import { bearerGrant } from './jwt-grant.ts';
import { OAuthError } from './oauth-error.ts';
import { RefreshGrant } from './refresh-grant.ts';
import { requireNoRefusal } from './token-refusal.ts';
import type { World } from './world.ts';

/** `POST /services/oauth2/token` */
export class TokenEndpoint {
  readonly #world: World;
  readonly #refresh: RefreshGrant;

  constructor(world: World) {
    this.#world = world;
    this.#refresh = new RefreshGrant(world);
  }

  async answer(request: HttpRequest): Promise<Reply> {
    try {
      return await this.#grant(request);
    } catch (error) {
      if (error instanceof OAuthError) return error.reply();
      throw error;
    }
  }

  async #grant(request: HttpRequest): Promise<Reply> {
    requireNoRefusal(this.#world.settings);
    const isForm = (request.headers['content-type'] ?? '').startsWith('application/x-www-form-urlencoded');
    switch (isForm ? request.form().get('grant_type') : undefined) {
      case 'authorization_code': return exchangeCode(this.#world, request);
      case 'refresh_token': return this.#refresh.execute(request);
      case 'urn:ietf:params:oauth:grant-type:jwt-bearer': return bearerGrant(this.#world, request);
      default: throw new OAuthError('unsupported_grant_type', 'grant type not supported');
    }
  }
}
