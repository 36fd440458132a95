import { randomText } from './random-token.ts';
import type { Settings } from '../control/settings.ts';
import type { HostKind } from '../http/request.ts';

/** A user's approval of the app and the refresh tokens that came from it. */
export interface Grant {
  readonly id: string;
  readonly userId: string;
  readonly clientId: string;
  readonly scope: string;
  /** Host that the code came from. */
  readonly host: HostKind;
  readonly createdAtMs: number;
  lastUsedAtMs: number;
  /** The refresh token that works; undefined when the scope gave none. */
  refreshToken: string | undefined;
  retired: string[];
  revoked: boolean;
}

export interface AccessToken {
  readonly token: string;
  /** Undefined for a session of the JWT bearer flow. */
  readonly grantId: string | undefined;
  readonly userId: string;
  readonly clientId: string;
  readonly scope: string;
  readonly host: HostKind;
  readonly issuedAtMs: number;
  readonly lifeMs: number;
  expiresAtMs: number;
  calls: number;
  revoked: boolean;
}

export interface AuthorizationCode {
  readonly code: string;
  readonly userId: string;
  readonly clientId: string;
  readonly redirectUri: string;
  readonly scope: string;
  readonly challenge: string | undefined;
  readonly nonce: string | undefined;
  readonly host: HostKind;
  readonly issuedAtMs: number;
  used: boolean;
}

export interface TokenStoreState {
  readonly grants: Grant[];
  readonly accessTokens: AccessToken[];
  readonly issued: string[];
}

/** Codes, grants and sessions of the org. */
export class TokenStore {
  readonly #settings: Settings;
  readonly #now: () => Date;
  readonly #orgId15: string;
  readonly #grants = new Map<string, Grant>();
  readonly #byRefreshToken = new Map<string, Grant>();
  readonly #accessTokens = new Map<string, AccessToken>();
  readonly #codes = new Map<string, AuthorizationCode>();
  readonly #issued: string[] = [];
  /** Told after each change. */
  onChange: () => void = () => {};

  constructor(settings: Settings, now: () => Date, orgId15: string) {
    this.#settings = settings;
    this.#now = now;
    this.#orgId15 = orgId15;
  }

  addCode(code: Omit<AuthorizationCode, 'code' | 'issuedAtMs' | 'used'>): AuthorizationCode {
    const issued = { ...code, code: this.#note(`aPrx${randomText(64)}==`), issuedAtMs: this.#now().getTime(), used: false };
    this.#codes.set(issued.code, issued);
    return issued;
  }

  code(code: string): AuthorizationCode | undefined {
    return this.#codes.get(code);
  }

  /** Opens a grant; the user's oldest ones beyond the allowed number end. */
  addGrant(grant: Pick<Grant, 'userId' | 'clientId' | 'scope' | 'host'>, withRefreshToken: boolean): Grant {
    const now = this.#now().getTime();
    const opened: Grant = { ...grant, id: randomText(12), createdAtMs: now, lastUsedAtMs: now, refreshToken: undefined, retired: [], revoked: false };
    this.#grants.set(opened.id, opened);
    if (withRefreshToken) this.#giveRefreshToken(opened);
    const living = this.grantsOf(grant.userId, grant.clientId).filter(({ refreshToken }) => refreshToken !== undefined);
    for (const oldest of living.slice(0, Math.max(0, living.length - this.#settings.grantsPerUserAndApp))) this.revokeGrant(oldest);
    this.onChange();
    return opened;
  }

  /** Living grants of a user for an app, oldest first. */
  grantsOf(userId: string, clientId: string): Grant[] {
    return [...this.#grants.values()].filter((grant) => grant.userId === userId && grant.clientId === clientId && !grant.revoked);
  }

  /** The grant a refresh token belongs to, whether or not the token is its current one. */
  grantByRefreshToken(token: string): Grant | undefined {
    return this.#byRefreshToken.get(token);
  }

  grant(id: string): Grant | undefined {
    return this.#grants.get(id);
  }

  get grants(): readonly Grant[] {
    return [...this.#grants.values()];
  }

  /** Why a refresh token does not work any more; undefined when it does. */
  refreshProblem(grant: Grant, token: string): 'revoked' | 'retired' | 'expired' | undefined {
    const { refreshTokenIdleMs, refreshTokenLifeMs } = this.#settings;
    const now = this.#now().getTime();
    if (grant.revoked) return 'revoked';
    if (grant.refreshToken !== token) return 'retired';
    if (refreshTokenIdleMs !== null && now - grant.lastUsedAtMs > refreshTokenIdleMs) return 'expired';
    return refreshTokenLifeMs !== null && now - grant.createdAtMs > refreshTokenLifeMs ? 'expired' : undefined;
  }

  rotate(grant: Grant): string {
    if (grant.refreshToken !== undefined) grant.retired.push(grant.refreshToken);
    const token = this.#giveRefreshToken(grant);
    this.onChange();
    return token;
  }

  use(grant: Grant): void {
    grant.lastUsedAtMs = this.#now().getTime();
    this.onChange();
  }

  addAccessToken(token: Pick<AccessToken, 'grantId' | 'userId' | 'clientId' | 'scope' | 'host'>): AccessToken {
    const now = this.#now().getTime();
    const lifeMs = this.#settings.accessTokenLifeMs;
    const issued = { ...token, token: this.#note(`${this.#orgId15}!AQ${randomText(94)}`), issuedAtMs: now, lifeMs, expiresAtMs: now + lifeMs, calls: 0, revoked: false };
    this.#accessTokens.set(issued.token, issued);
    this.onChange();
    return issued;
  }

  accessToken(token: string): AccessToken | undefined {
    return this.#accessTokens.get(token);
  }

  get accessTokens(): readonly AccessToken[] {
    return [...this.#accessTokens.values()];
  }

  isAlive(token: AccessToken): boolean {
    const { accessTokenCalls } = this.#settings;
    return !token.revoked && this.#now().getTime() < token.expiresAtMs && (accessTokenCalls === null || token.calls < accessTokenCalls);
  }

  /** Counts a data call; use keeps the session alive, and its end moves once half of its life has passed. */
  touch(token: AccessToken): void {
    token.calls += 1;
    if (!this.#settings.slidingSession) return;
    const now = this.#now().getTime();
    const end = now + token.lifeMs;
    if (!this.#settings.slidesAtHalfLife || end - token.expiresAtMs >= token.lifeMs / 2) {
      token.expiresAtMs = end;
      this.onChange();
    }
  }

  /** Ends a grant with its refresh token and every session that came from it. */
  revokeGrant(grant: Grant): void {
    grant.revoked = true;
    for (const token of this.#accessTokens.values()) if (token.grantId === grant.id) token.revoked = true;
    this.onChange();
  }

  revokeAccessToken(token: AccessToken): void {
    token.revoked = true;
    this.onChange();
  }

  /** Ends all grants and sessions of a user. */
  revokeUser(userId: string): void {
    for (const grant of this.#grants.values()) if (grant.userId === userId) this.revokeGrant(grant);
    for (const token of this.#accessTokens.values()) if (token.userId === userId) this.revokeAccessToken(token);
  }

  /** What a platform-side revocation of the whole app does. */
  revokeEverything(): void {
    for (const grant of this.#grants.values()) this.revokeGrant(grant);
    for (const token of this.#accessTokens.values()) token.revoked = true;
    this.onChange();
  }

  /** Remembers a secret that was given out. */
  remember(secret: string): void {
    this.#note(secret);
  }

  issued(): readonly string[] {
    return this.#issued;
  }

  state(): TokenStoreState {
    const living = this.accessTokens.filter((token) => this.isAlive(token));
    return { grants: [...this.#grants.values()], accessTokens: living, issued: [...this.#issued] };
  }

  restore(state: TokenStoreState): void {
    for (const grant of state.grants) {
      this.#grants.set(grant.id, grant);
      for (const token of [...grant.retired, grant.refreshToken]) if (token !== undefined) this.#byRefreshToken.set(token, grant);
    }
    for (const token of state.accessTokens) this.#accessTokens.set(token.token, token);
    for (const secret of state.issued) if (!this.#issued.includes(secret)) this.#issued.push(secret);
  }

  #giveRefreshToken(grant: Grant): string {
    const token = this.#note(`5Aep861${randomText(80)}`);
    grant.refreshToken = token;
    this.#byRefreshToken.set(token, grant);
    return token;
  }

  #note(secret: string): string {
    this.#issued.push(secret);
    return secret;
  }
}
