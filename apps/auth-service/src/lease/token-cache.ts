import { EntityManager } from '@mikro-orm/postgresql';
import { Injectable, Logger, type OnApplicationBootstrap, type OnApplicationShutdown } from '@nestjs/common';
import type { Secret } from '@tributary/failures';
import { SqlPool } from '@tributary/persistence';
import { GrantTokens } from '../grant/grant-tokens.ts';
import { OauthGrantTable } from '../grant/oauth-grant.entity.ts';

interface CachedToken {
  readonly grantId: string;
  readonly epoch: number;
  readonly token: Secret<string>;
}

const maxTokens = 20_000;
/** So long a token stays in memory after its grant has ended or another token has taken its place. */
const forgetEveryMs = 30_000;

/** Opened access tokens in memory. An entry counts only for the grant and epoch that the database names at that moment. */
@Injectable()
export class TokenCache implements OnApplicationBootstrap, OnApplicationShutdown {
  readonly #log = new Logger('token-cache');
  readonly #tokens = new Map<string, CachedToken>();
  /** By grant and epoch: callers that come together after a refresh open the vault once. */
  readonly #opening = new Map<string, Promise<Secret<string> | undefined>>();
  #timer: NodeJS.Timeout | undefined;

  constructor(
    private readonly em: EntityManager,
    private readonly grantTokens: GrantTokens,
    private readonly pool: SqlPool,
  ) {}

  onApplicationBootstrap(): void {
    this.#timer = setInterval(() => void this.forgetEnded().catch((error: unknown) => this.#log.debug(`tokens are forgotten later: ${String(error)}`)), forgetEveryMs).unref();
  }

  onApplicationShutdown(): void {
    clearInterval(this.#timer);
  }

  /**
   * The access token of a grant at an epoch.
   * @returns undefined when the epoch has moved on meanwhile
   * @throws VaultUnreadable
   */
  async tokenOf(grantId: string, epoch: number): Promise<Secret<string> | undefined> {
    const cached = this.#tokens.get(grantId);
    if (cached?.epoch === epoch) return cached.token;
    const place = `${grantId} ${epoch}`;
    const opening = this.#opening.get(place) ?? this.#open(grantId, epoch).finally(() => this.#opening.delete(place));
    this.#opening.set(place, opening);
    return opening;
  }

  /** How many tokens are in memory. */
  get size(): number {
    return this.#tokens.size;
  }

  /** Forgets what is the present token of a live grant no more: a disconnected grant leaves nothing in memory, in whichever process it was ended. */
  async forgetEnded(): Promise<void> {
    const tokens = [...this.#tokens.values()];
    if (tokens.length === 0) return;
    const { rows } = await this.pool.query<{ id: string }>({ name: 'tokens-ended', text: ended, values: [tokens.map(({ grantId }) => grantId), tokens.map(({ epoch }) => epoch)] });
    for (const { id } of rows) this.#tokens.delete(id);
  }

  /** The next lease of each grant opens the vault again. */
  forgetAll(): void {
    this.#tokens.clear();
  }

  async #open(grantId: string, epoch: number): Promise<Secret<string> | undefined> {
    const em = this.em.fork();
    const grant = await em.findOne(OauthGrantTable, { id: grantId, epoch, state: 'live' });
    if (grant === null) return undefined;
    const token = await this.grantTokens.accessToken(em, grant);
    this.#keep({ grantId, epoch, token });
    return token;
  }

  #keep(entry: CachedToken): void {
    if (this.#tokens.size >= maxTokens) {
      const [oldest] = this.#tokens.keys();
      if (oldest !== undefined) this.#tokens.delete(oldest);
    }
    this.#tokens.set(entry.grantId, entry);
  }
}

const ended = `select t.id from unnest($1::uuid[], $2::integer[]) as t (id, epoch)
  where not exists (select from oauth_grant g where g.id = t.id and g.epoch = t.epoch and g.state = 'live')`;
