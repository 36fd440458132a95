import { Inject, Injectable, type OnApplicationShutdown } from '@nestjs/common';
import type { ConnectionId } from '@tributary/event-contracts';
import { Unavailable } from '@tributary/failures';
import { apiUsageOfLimits, BulkClient, DataClient, HostRules, newestApiVersion, RetryBudget, SalesforceHttp, SalesforceSession, type LeaseSource } from '@tributary/salesforce-client';
import { endWithin } from '@tributary/service-kit';
import { ApiUsages } from '../budget/api-usage.ts';
import type { CallBudget } from '../budget/call-budget.ts';
import { CallMeters, type CallOrigin, type ClientMeter } from '../budget/call-meter.ts';
import { CONFIG, type IngestConfig } from '../config.ts';
import { LeaseClient } from '../lease/lease.client.ts';
import { AgreedVersions } from './agreed-versions.store.ts';
import { sharedLease } from '../lease/shared-lease.ts';
import { scopeOf } from '../sync-run/run-verdict.ts';

const longestEndMs = 5_000;

/** The data APIs of one org, for one purpose whose calls are counted. */
export interface OrgClient {
  /** By which what an org takes at a time is counted. */
  readonly host: string;
  readonly data: DataClient;
  /** A Bulk client at the version with which a job was made; at the run's own version when not told. */
  bulk(apiVersion?: string): BulkClient;
  /** Salesforce's clock. @throws Unavailable `SALESFORCE_CLOCK_UNKNOWN` before the first answer */
  serverNow(): Date;
  /** Calls made so far. */
  calls(): number;
}

/** The org of one run: one token for all its objects. */
export interface OrgAccess {
  readonly apiVersion: string;
  /** @param object for which calls are made, where it is one */
  client(object?: string): OrgClient;
  /** Asks for the usage of the org's calls, which most answers tell by the way. An answer that does not tell it, or none at all, leaves it unknown. @throws what concerns the whole run */
  askUsage(): Promise<void>;
  /** Calls the org lets Tributary make for now; undefined until Salesforce told. */
  callsLeft(): number | undefined;
  /** @throws RateLimited `API_BUDGET_RESERVED` when fewer are left */
  requireCalls(calls: number): void;
  /** No more calls are made. */
  end(): Promise<void>;
}

/** An org as it is at this moment. */
export interface Look {
  readonly epoch: number;
  readonly instanceUrl: string;
  readonly offered: readonly string[];
  /** API version of `client`. */
  readonly used: string;
  readonly client: OrgClient;
}

/** Opens orgs. */
@Injectable()
export class OrgAccesses implements OnApplicationShutdown {
  readonly #http: SalesforceHttp;
  /** By host of the org. */
  readonly #retries = new Map<string, RetryBudget>();

  constructor(
    private readonly leases: LeaseClient,
    private readonly usages: ApiUsages,
    private readonly meters: CallMeters,
    private readonly versions: AgreedVersions,
    @Inject(CONFIG) private readonly config: IngestConfig,
  ) {
    this.#http = new SalesforceHttp({ hostRules: new HostRules({ extraOrigins: config.extraOrigins }), version: '0.1' });
  }

  /** Leases a token and agrees on an API version. @throws what the lease and the version list throw */
  async open(connectionId: ConnectionId, signal: AbortSignal, purpose: { readonly runId?: string } = {}): Promise<OrgAccess> {
    const source = sharedLease((rejectedEpoch) => this.leases.lease({
      connectionId, purpose: purpose.runId === undefined ? 'interactive' : 'background', ...purpose, ...(rejectedEpoch === undefined ? {} : { rejectedEpoch }),
    }), signal);
    const of = { connectionId, org: new URL((await source()).instanceUrl).host, runId: purpose.runId };
    const budget = await this.usages.open(of);
    const origin: CallOrigin = { ...of, budget, run: {} };
    const apiVersion = this.config.apiVersion ?? (await this.versions.of(connectionId, async () => commonVersion(await DataClient.versions(this.#session(origin, source, signal).session))));
    const client = (object?: string): OrgClient => this.#client({ ...origin, object }, source, signal, apiVersion);
    return {
      apiVersion, client, askUsage: () => askUsage(budget, client()),
      callsLeft: () => budget.left(), requireCalls: (calls) => budget.requireCalls(calls), end: () => budget.end(),
    };
  }

  /**
   * A look at an org with the token that is there: nothing is refreshed for it, and nobody is waited for.
   * @throws Unavailable `ACCESS_TOKEN_ENDED` from any call when the org does not take the token
   */
  async look(connectionId: ConnectionId, signal: AbortSignal): Promise<Look> {
    const lease = await this.leases.lease({ connectionId, purpose: 'interactive' });
    const source: LeaseSource = async (rejectedEpoch) => {
      if (rejectedEpoch !== undefined) throw new Unavailable('ACCESS_TOKEN_ENDED', 'The present access token has ended; the next work gets a new one.');
      return lease;
    };
    const of = { connectionId, org: new URL(lease.instanceUrl).host };
    const origin: CallOrigin = { ...of, budget: await this.usages.open(of), run: {} };
    const offered = await DataClient.versions(this.#session(origin, source, signal).session);
    const used = this.config.apiVersion ?? commonVersion(offered);
    return { epoch: lease.epoch, instanceUrl: lease.instanceUrl, offered, used, client: this.#client(origin, source, signal, used) };
  }

  async onApplicationShutdown(): Promise<void> {
    await endWithin('the calls to Salesforce', longestEndMs, this.#http.close());
  }

  #client(origin: CallOrigin, source: LeaseSource, signal: AbortSignal, apiVersion: string): OrgClient {
    const { session, meter } = this.#session(origin, source, signal);
    return {
      host: origin.org,
      data: new DataClient(session, apiVersion, meter.onQuery),
      bulk: (version = apiVersion) => new BulkClient(session, version),
      serverNow: () => {
        if (origin.run.serverTime === undefined) throw new Unavailable('SALESFORCE_CLOCK_UNKNOWN', 'Salesforce did not tell its time.');
        return origin.run.serverTime;
      },
      calls: () => meter.calls(),
    };
  }

  #session(origin: CallOrigin, source: LeaseSource, signal: AbortSignal): { session: SalesforceSession; meter: ClientMeter } {
    const meter = this.meters.of(origin);
    return { session: new SalesforceSession(this.#http.observedBy(meter.onCall, meter.gate), source, signal, undefined, this.#retriesOf(origin.org)), meter };
  }

  #retriesOf(org: string): RetryBudget {
    const found = this.#retries.get(org) ?? new RetryBudget();
    this.#retries.set(org, found);
    return found;
  }
}

async function askUsage(budget: CallBudget, { data }: OrgClient): Promise<void> {
  try {
    await budget.ask(async () => apiUsageOfLimits(await data.limits()));
  } catch (error) {
    // Other servers have no limits to tell: that never hinders a run.
    if (scopeOf(error) !== 'object') throw error;
  }
}

/** The newest version both sides know. */
export function commonVersion(offered: readonly string[], newest = newestApiVersion): string {
  const known = offered.map(Number).filter((version) => version <= Number(newest));
  return known.length === 0 ? newest : `${Math.max(...known).toFixed(1)}`;
}
