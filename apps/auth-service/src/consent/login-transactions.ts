import { randomBytes } from 'node:crypto';
import { EntityManager } from '@mikro-orm/postgresql';
import { Inject, Injectable } from '@nestjs/common';
import { Secret } from '@tributary/failures';
import { CLOCK, type Clock } from '@tributary/service-kit';
import { v7 as uuidV7 } from 'uuid';
import { z } from 'zod';
import { CONFIG, type AuthConfig } from '../config.ts';
import { Vault, type VaultScope } from '../vault/vault.ts';
import { bindBrowser, bindingOf, hashOf, sameHash } from './browser-binding.ts';
import { ConsentFailure } from './consent-failure.ts';
import { LoginTransactionTable, type LoginTransaction } from './login-transaction.entity.ts';

const lifeMs = 10 * 60_000;

/** What a browser asked for when it started. */
export interface ConsentStart {
  /** `salesforce` when absent. */
  readonly provider?: string;
  readonly loginOrigin: string;
  readonly returnPath: string;
  readonly personId: string | undefined;
  readonly nonce: string;
  /** Token of an invitation to accept. */
  readonly invitation?: string | undefined;
  /** Whether the provider has to ask the person again, whatever session it has. */
  readonly fresh?: boolean;
  /** The connection whose access is to be renewed; nobody else's consent may do that. */
  readonly connectionId?: string | undefined;
}

/** A started consent that came back; it cannot come back again. */
export interface FinishedTransaction {
  readonly loginOrigin: string;
  readonly returnPath: string;
  readonly nonce: string;
  readonly verifier: string;
  readonly invitation: string | undefined;
  readonly fresh: boolean;
  readonly connectionId: string | undefined;
  readonly startedAt: Date;
}

const SealedPart = z.object({ nonce: z.string(), verifier: z.string(), invitation: z.string().optional(), fresh: z.boolean(), connectionId: z.string().optional() });

/** Started consents: ten minutes, one use, one browser. */
@Injectable()
export class LoginTransactions {
  constructor(
    private readonly em: EntityManager,
    private readonly vault: Vault,
    @Inject(CONFIG) private readonly config: Pick<AuthConfig, 'publicOrigin'>,
    @Inject(CLOCK) private readonly now: Clock,
  ) {}

  /** @returns the state for Salesforce (256 random bits) and the cookie for the browser */
  async open({ provider = 'salesforce', loginOrigin, returnPath, personId, nonce, invitation, fresh = false, connectionId }: ConsentStart, verifier: string): Promise<{ state: string; cookie: string }> {
    const state = randomBytes(32).toString('base64url');
    const { secret, cookie } = bindBrowser(this.config.publicOrigin, state);
    const id = uuidV7();
    const createdAt = this.now();
    await this.em.fork().transactional(async (em) => {
      await em.insert(LoginTransactionTable, {
        id, stateHash: hashOf(state), browserHash: hashOf(secret), provider, loginOrigin, returnPath, personId: personId ?? null,
        createdAt, expiresAt: new Date(createdAt.getTime() + lifeMs),
      });
      await this.vault.createKey(em, scopeOf(id));
      await this.vault.seal(em, scopeOf(id), 'login', 1, Secret.of(JSON.stringify({ nonce, verifier, invitation, fresh, connectionId })));
    });
    return { state, cookie };
  }

  /**
   * Takes a started consent back, once: of many callbacks with one state exactly one passes.
   * @param finishedBy person who is signed in now
   * @throws ConsentFailure `STATE_UNKNOWN`, `STATE_EXPIRED`, `BROWSER_DIFFERENT`
   */
  async consume(state: string, cookieHeader: string | undefined, finishedBy: string | undefined, provider = 'salesforce'): Promise<FinishedTransaction> {
    const em = this.em.fork();
    const known = await em.findOne(LoginTransactionTable, { stateHash: hashOf(state), provider });
    if (known === null) throw new ConsentFailure('STATE_UNKNOWN', 'This sign-in is not known, or was finished already.');
    const binding = bindingOf(cookieHeader, this.config.publicOrigin, state);
    // Checked before anything is used up: a stranger with the address of a callback cannot end somebody's sign-in.
    if (binding === undefined || !sameHash(hashOf(binding), known.browserHash)) throw new ConsentFailure('BROWSER_DIFFERENT', 'This sign-in was started in another browser.');
    // The connection must not land with somebody else who signed in meanwhile.
    if (known.personId !== null && finishedBy !== undefined && known.personId !== finishedBy) throw new ConsentFailure('BROWSER_DIFFERENT', 'Somebody else is signed in than at the start.');
    return em.transactional((work) => this.#take(work, known));
  }

  /** Deletes what nobody came back for. */
  async forgetExpired(): Promise<void> {
    const em = this.em.fork();
    const expired = await em.find(LoginTransactionTable, { expiresAt: { $lt: new Date(this.now().getTime() - lifeMs) } }, { limit: 500 });
    for (const { id } of expired) await em.transactional(async (work) => this.#delete(work, id));
  }

  async #take(em: EntityManager, { id, loginOrigin, returnPath, createdAt, expiresAt }: LoginTransaction): Promise<FinishedTransaction> {
    const sealed = expiresAt <= this.now() ? undefined : await this.vault.open(em, scopeOf(id), 'login', 1).catch(() => undefined);
    // Of parallel callbacks only the one whose delete finds the row goes on.
    if ((await this.#delete(em, id)) === 0) throw new ConsentFailure('STATE_UNKNOWN', 'This sign-in was finished already.');
    if (sealed === undefined) throw new ConsentFailure('STATE_EXPIRED', 'The sign-in took longer than ten minutes.');
    const { nonce, verifier, invitation, fresh, connectionId } = SealedPart.parse(JSON.parse(sealed.reveal()));
    return { loginOrigin, returnPath, nonce, verifier, invitation, fresh, connectionId, startedAt: createdAt };
  }

  async #delete(em: EntityManager, id: string): Promise<number> {
    const deleted = await em.nativeDelete(LoginTransactionTable, { id });
    await this.vault.shred(em, id);
    return deleted;
  }
}

function scopeOf(ownerId: string): VaultScope {
  return { ownerId, workspaceId: '-', connectionId: '-' };
}
