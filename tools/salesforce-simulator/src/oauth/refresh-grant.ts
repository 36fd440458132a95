import { setTimeout as sleep } from 'node:timers/promises';
import type { Reply } from '../http/reply.ts';
import type { HttpRequest } from '../http/request.ts';
import { requireClient } from './client-auth.ts';
import { requireAppAddress, requireUser } from './code-grant.ts';
import { OAuthError } from './oauth-error.ts';
import { tokenAnswer } from './token-answer.ts';
import type { Grant } from './token-store.ts';
import type { World } from './world.ts';

const dead = (): OAuthError => new OAuthError('invalid_grant', 'expired access/refresh token');

/** Refreshes, one request per refresh token at a time. */
export class RefreshGrant {
  readonly #inProgress = new Set<string>();
  readonly #world: World;

  constructor(world: World) {
    this.#world = world;
  }

  /** @throws OAuthError */
  async execute(request: HttpRequest): Promise<Reply> {
    await requireClient(this.#world, request);
    const token = request.form().get('refresh_token');
    if (token === null) throw new OAuthError('invalid_request', 'missing required refresh_token parameter');
    if (this.#inProgress.has(token)) throw new OAuthError('invalid_grant', 'token request is already being processed');
    this.#inProgress.add(token);
    try {
      const { refreshProcessingMs } = this.#world.settings;
      if (refreshProcessingMs > 0) await sleep(refreshProcessingMs);
      return await this.#refresh(request, token);
    } finally {
      this.#inProgress.delete(token);
    }
  }

  async #refresh(request: HttpRequest, token: string): Promise<Reply> {
    const { tokens, settings } = this.#world;
    requireAppAddress(this.#world);
    requireInstalled(this.#world);
    const grant = this.#usableGrant(request, token);
    this.#requireUser(grant);
    tokens.use(grant);
    const access = tokens.addAccessToken({ grantId: grant.id, userId: grant.userId, clientId: grant.clientId, scope: grant.scope, host: grant.host });
    return tokenAnswer(this.#world, access, settings.rotation ? { refreshToken: tokens.rotate(grant) } : {});
  }

  #usableGrant(request: HttpRequest, token: string): Grant {
    const { tokens, settings } = this.#world;
    const grant = tokens.grantByRefreshToken(token);
    if (grant === undefined || settings.sandboxRefreshed) throw dead();
    if (settings.networkContained) tokens.revokeUser(grant.userId);
    if (request.host !== 'org' && grant.host !== 'org' && grant.host !== request.host) throw dead();
    const problem = tokens.refreshProblem(grant, token);
    if (problem === undefined) return grant;
    if (problem === 'retired' && settings.reuseRevokesFamily) tokens.revokeGrant(grant);
    throw dead();
  }

  #requireUser({ userId }: Grant): void {
    try {
      requireUser(this.#world, userId);
    } catch (error) {
      throw this.#world.settings.inactiveRefresh === 'named' ? error : dead();
    }
  }
}

function requireInstalled({ settings: { appInstalled, uninstalledRefresh } }: World): void {
  if (appInstalled || uninstalledRefresh === 'answered') return;
  throw new OAuthError('invalid_client', uninstalledRefresh === 'named' ? 'External client app is not installed in this org' : 'invalid client credentials');
}
