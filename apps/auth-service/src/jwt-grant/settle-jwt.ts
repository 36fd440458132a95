import type { EntityManager } from '@mikro-orm/postgresql';
import { Inject, Injectable, Logger } from '@nestjs/common';
import { CLOCK, type Clock } from '@tributary/service-kit';
import { databaseNow } from '../database-clock.store.ts';
import { ConnectionChanges } from '../connection/connection-changes.ts';
import { nextState, type Trigger } from '../connection/connection-machine.ts';
import type { Connection } from '../connection/connection.entity.ts';
import { OauthGrantTable } from '../grant/oauth-grant.entity.ts';
import { outOfPatience } from '../grant/patience.ts';
import { troubleOf } from '../grant/refresh-outcome.ts';
import { backOffMs } from '../grant/refresh-policy.ts';
import { WayNews } from '../policy/way-news.ts';
import type { JwtTrouble } from './jwt-trouble.ts';

const hourMs = 60 * 60_000;
const pauseMs = 30_000;
const slow: ReadonlySet<string> = new Set(['login-rate', 'user-ip-blocked', 'egress-not-allowlisted', 'org-inactive']);
const held: ReadonlySet<string> = new Set(['user-ip-blocked', 'egress-not-allowlisted', 'org-inactive']);
const quarantine: ReadonlySet<string> = new Set(['identity-changed', 'host-refused', 'signature-invalid']);

/** What a refused assertion does. Pure. */
export type JwtSettlement =
  /** The way is gone for good; the other one carries on. */
  | { readonly kind: 'way-lost' }
  /** Not asked again for a while; the other way carries on. */
  | { readonly kind: 'paused'; readonly pauseMs: number }
  /** It is the only way: the connection waits. */
  | { readonly kind: 'stopped'; readonly trigger: Trigger; readonly checkInMs: number | null; readonly pauseMs: number }
  /** Concerns every connection of the app: none is broken by it. */
  | { readonly kind: 'application'; readonly pauseMs: number };

/** @param otherWay whether the consent is alive and may be used */
export function jwtSettlement({ cause, verdict }: JwtTrouble, otherWay: boolean, failures: number): JwtSettlement {
  if (verdict === 'application') return { kind: 'application', pauseMs };
  if (verdict === 'transient') {
    const wait = slow.has(cause) ? hourMs : backOffMs(failures);
    if (otherWay) return { kind: 'paused', pauseMs: Math.max(pauseMs, wait) };
    return held.has(cause) ? { kind: 'stopped', trigger: 'held', checkInMs: wait, pauseMs: 0 } : { kind: 'stopped', trigger: 'refresh-unavailable', checkInMs: wait, pauseMs: wait };
  }
  if (otherWay) return { kind: 'way-lost' };
  if (quarantine.has(cause)) return { kind: 'stopped', trigger: 'quarantined', checkInMs: null, pauseMs: 0 };
  return { kind: 'stopped', trigger: 'admin-needed', checkInMs: hourMs, pauseMs: 0 };
}

/** Writes down that assertions give no access: grant, state, timeline and event in the caller's transaction. */
@Injectable()
export class SettleJwt {
  readonly #log = new Logger('jwt-grant');

  constructor(
    private readonly changes: ConnectionChanges,
    private readonly news: WayNews,
    @Inject(CLOCK) private readonly now: Clock,
  ) {}

  /** `connection` is held. Does nothing when the grant's epoch has moved meanwhile. */
  async execute(em: EntityManager, connection: Connection, grant: { readonly grantId: string; readonly epoch: number }, trouble: JwtTrouble): Promise<void> {
    const otherWay = connection.policy !== 'jwt' && (await em.count(OauthGrantTable, { connectionId: connection.id, kind: 'user', state: 'live' })) > 0;
    const settlement = jwtSettlement(trouble, otherWay, connection.failures);
    if (settlement.kind === 'application') this.#log.error(`every connection of the app is concerned: ${trouble.text} (${trouble.cause})`);
    if (!(await this.#settleGrant(em, grant, settlement, trouble))) return;
    if (settlement.kind === 'way-lost') return this.news.lost(em, connection, { kind: 'jwt', ...trouble });
    if (settlement.kind === 'stopped') return this.#stop(em, connection, settlement, trouble);
    this.#log.warn(`connection ${connection.id}: no access by assertion at the moment (${trouble.cause})`);
  }

  /** @returns false behind the epoch fence */
  async #settleGrant(em: EntityManager, { grantId, epoch }: { readonly grantId: string; readonly epoch: number }, settlement: JwtSettlement, { cause }: JwtTrouble): Promise<boolean> {
    if (settlement.kind === 'way-lost') {
      return (await em.nativeUpdate(OauthGrantTable, { id: grantId, epoch, state: 'live' }, { state: 'dead', endedAt: this.now(), endedBecause: cause, leaseOwner: null, leaseUntil: null })) > 0;
    }
    const paused = await em.execute<unknown[]>("update oauth_grant set lease_owner = null, lease_until = now() + make_interval(secs => ?) where id = ? and epoch = ? and state = 'live' returning id", [settlement.pauseMs / 1_000, grantId, epoch], 'all');
    return paused.length > 0;
  }

  async #stop(em: EntityManager, connection: Connection, settled: Extract<JwtSettlement, { kind: 'stopped' }>, trouble: JwtTrouble): Promise<void> {
    const now = await databaseNow(em);
    const tooLong = outOfPatience(connection, settled.trigger, now);
    const { trigger, checkInMs } = tooLong === undefined ? settled : { trigger: 'admin-needed' as const, checkInMs: hourMs };
    const { cause, who, text } = tooLong === undefined ? trouble : troubleOf(tooLong);
    if (nextState(connection.state, trigger) === undefined) return;
    const told = connection.attentionCause === cause ? {} : { told: { kind: 'state-changed', text, cause } };
    connection.failures += 1;
    await this.changes.apply(em, connection, trigger, { attention: { cause, who, text }, nextCheckAt: checkInMs === null ? null : new Date(now.getTime() + checkInMs), ...told });
  }
}
