import { BlockList, isIPv6 } from 'node:net';
import { Inject, Injectable } from '@nestjs/common';
import { RateLimited } from '@tributary/failures';
import { SqlPool } from '@tributary/persistence';
import { RateLimiterMemory, RateLimiterPostgres, RateLimiterRes } from 'rate-limiter-flexible';
import { CONFIG, type GatewayConfig } from '../config.ts';
import type { Session } from '../session/session.entity.ts';

const minuteSeconds = 60;

/** Per minute. Starts and callbacks count only while, or when, they come to nothing: who signs in as people do never meets these limits. */
export const limits = { unfinishedStarts: 10, failedCallbacks: 5, callsOfPerson: 600, callsOfConnection: 3_000, callsOfWorkspace: 6_000 } as const;
/** An address inside a network is a proxy's, and stands for many people. */
const insideFactor = 10;
/** On a developer's machine browsers, tests and scripts are one address. */
const developmentFactor = 20;

/** Limits of every replica together, counted in PostgreSQL; what is over its limit is refused from memory, and memory counts while the database is away. */
@Injectable()
export class RateLimits {
  readonly #starts: RateLimiterPostgres;
  readonly #startsInside: RateLimiterPostgres;
  readonly #callbacks: RateLimiterPostgres;
  readonly #callbacksInside: RateLimiterPostgres;
  readonly #person: RateLimiterPostgres;
  readonly #workspace: RateLimiterPostgres;
  readonly #connection: RateLimiterPostgres;

  constructor(pool: SqlPool, @Inject(CONFIG) { production }: Pick<GatewayConfig, 'production'>) {
    const inside = production ? insideFactor : insideFactor * developmentFactor;
    const calls = production ? 1 : developmentFactor;
    this.#starts = limiter(pool, 'start', limits.unfinishedStarts);
    this.#startsInside = limiter(pool, 'start-inside', limits.unfinishedStarts * inside);
    this.#callbacks = limiter(pool, 'callback', limits.failedCallbacks);
    this.#callbacksInside = limiter(pool, 'callback-inside', limits.failedCallbacks * inside);
    this.#person = limiter(pool, 'person', limits.callsOfPerson * calls);
    this.#workspace = limiter(pool, 'workspace', limits.callsOfWorkspace * calls);
    this.#connection = limiter(pool, 'connection', limits.callsOfConnection * calls);
  }

  /** A call of the API. @throws RateLimited `TOO_MANY_REQUESTS` */
  async countCall({ personId, workspaceId }: Pick<Session, 'personId' | 'workspaceId'>): Promise<void> {
    await refusing('TOO_MANY_REQUESTS', () => Promise.all([this.#person.consume(personId), this.#workspace.consume(workspaceId)]));
  }

  /** A call about one connection, by whoever may see it. @throws RateLimited `TOO_MANY_REQUESTS` */
  async countConnection(connectionId: string): Promise<void> {
    await refusing('TOO_MANY_REQUESTS', () => this.#connection.consume(connectionId));
  }

  /** A sign-in that starts, until `finished` takes it back. @throws RateLimited `TOO_MANY_ATTEMPTS` */
  async countStart(address: string, session: Session | undefined): Promise<void> {
    await refusing('TOO_MANY_ATTEMPTS', () => Promise.all([
      this.#startsOf(address).consume(networkOf(address)),
      ...(session === undefined ? [] : [this.#startsInside.consume(session.publicId)]),
    ]));
  }

  /** Whether another callback of an address is heard. @throws RateLimited `TOO_MANY_ATTEMPTS` */
  async requireCallback(address: string): Promise<void> {
    const limiter = this.#callbacksOf(address);
    const counted = await limiter.get(networkOf(address)).catch(() => null);
    if (counted !== null && counted.consumedPoints >= limiter.points) throw tooMany('TOO_MANY_ATTEMPTS', counted.msBeforeNext);
  }

  /** A callback that signed nobody in. */
  async countFailedCallback(address: string): Promise<void> {
    await this.#callbacksOf(address).consume(networkOf(address)).catch(() => undefined);
  }

  /** A sign-in that came to its end. */
  async finished(address: string): Promise<void> {
    await this.#startsOf(address).reward(networkOf(address), 1).catch(() => undefined);
  }

  #startsOf(address: string): RateLimiterPostgres {
    return isInside(address) ? this.#startsInside : this.#starts;
  }

  #callbacksOf(address: string): RateLimiterPostgres {
    return isInside(address) ? this.#callbacksInside : this.#callbacks;
  }
}

function limiter(pool: SqlPool, keyPrefix: string, points: number): RateLimiterPostgres {
  return new RateLimiterPostgres({
    storeClient: pool, storeType: 'pool', tableName: 'rate_limit', tableCreated: true, clearExpiredByTimeout: true, keyPrefix, points, duration: minuteSeconds,
    inMemoryBlockOnConsumed: points + 1, insuranceLimiter: new RateLimiterMemory({ keyPrefix, points, duration: minuteSeconds }),
  });
}

async function refusing(code: string, count: () => Promise<unknown>): Promise<void> {
  try {
    await count();
  } catch (error) {
    if (error instanceof RateLimiterRes) throw tooMany(code, error.msBeforeNext);
    throw error;
  }
}

function tooMany(code: string, retryAfterMs: number): RateLimited {
  return new RateLimited(code, 'There were too many requests in the last minute.', { retryAfterMs: Math.max(1_000, retryAfterMs), action: 'Wait a minute and try again.' });
}

const inside = new BlockList();
for (const [network, prefix] of [['10.0.0.0', 8], ['100.64.0.0', 10], ['127.0.0.0', 8], ['169.254.0.0', 16], ['172.16.0.0', 12], ['192.168.0.0', 16]] as const) inside.addSubnet(network, prefix, 'ipv4');
for (const [network, prefix] of [['::1', 128], ['fc00::', 7], ['fe80::', 10]] as const) inside.addSubnet(network, prefix, 'ipv6');

function plain(address: string): string {
  return address.replace(/^::ffff:(?=\d+\.)/i, '');
}

function isInside(address: string): boolean {
  const one = plain(address);
  return inside.check(one, isIPv6(one) ? 'ipv6' : 'ipv4');
}

/** One household or server has a whole IPv6 /64 of addresses; they count as one. */
export function networkOf(address: string): string {
  const one = plain(address);
  if (!isIPv6(one)) return one;
  const [head = '', tail] = one.split('::');
  const groups = head === '' ? [] : head.split(':');
  const missing = tail === undefined ? 0 : 8 - groups.length - tail.split(':').filter((group) => group !== '').length;
  return [...groups, ...Array.from({ length: missing }, () => '0'), ...(tail ?? '').split(':').filter((group) => group !== '')].slice(0, 4).join(':');
}
