import { Injectable } from '@nestjs/common';
import type { ConnectionId } from '@tributary/event-contracts';
import { CallLog, madeCall, type MadeCall } from '@tributary/persistence';
import type { CallGate, ObservedCall, QueryListener } from '@tributary/salesforce-client';
import { ApiUsages } from './api-usage.ts';
import { isTidying, laneOf, purposeOf } from './call-kind.ts';
import { CallSlots } from './call-slots.ts';

/** Calls of one run so far, and Salesforce's clock as their last good answer told it. */
export interface RunOfCalls {
  calls: number;
  serverTime?: Date;
}

/** For whom calls are made. */
export interface CallOrigin {
  readonly connectionId: ConnectionId;
  /** Such as its host; slots are those of an org. */
  readonly org: string;
  readonly runId?: string | undefined;
  /** What the calls of a run have in common, over all its objects. */
  readonly run: RunOfCalls;
  readonly object?: string | undefined;
}

/** Counts, limits and records the calls of one client. */
export interface ClientMeter {
  readonly gate: CallGate;
  readonly onCall: (call: ObservedCall) => void;
  readonly onQuery: QueryListener;
  calls(): number;
}

/** Makes meters: every call at Salesforce goes through one. */
@Injectable()
export class CallMeters {
  constructor(
    private readonly usages: ApiUsages,
    private readonly slots: CallSlots,
    private readonly log: CallLog,
  ) {}

  of({ connectionId, org, runId, run, object }: CallOrigin): ClientMeter {
    let calls = 0;
    let last: MadeCall | undefined;
    return {
      calls: () => calls,
      gate: async (method, path) => {
        const purpose = purposeOf(method, path);
        if (!isTidying(purpose)) this.usages.requireRoom(connectionId, run.calls);
        const lane = laneOf(purpose);
        return lane === undefined ? undefined : this.slots.enter(org, lane);
      },
      onCall: ({ method, path, status, ms, apiUsage, rows, serverTime }) => {
        calls += 1;
        run.calls += 1;
        if (serverTime !== undefined && status >= 200 && status < 400) run.serverTime = serverTime;
        if (apiUsage === undefined) this.usages.countUntold(connectionId);
        else this.usages.observe(connectionId, apiUsage);
        last = madeCall({ connectionId, runId, object: object ?? objectOf(path), method, path, purpose: purposeOf(method, path), rows, status, ms, apiUsed: apiUsage?.used });
        this.log.note(last);
      },
      onQuery: (path, { purpose, rows }) => {
        if (last?.path !== path) return;
        last = purpose === 'count' ? { ...last, purpose, rows: undefined } : { ...last, rows };
        this.log.note(last);
      },
    };
  }
}

function objectOf(path: string): string | undefined {
  return /\/sobjects\/(\w+)\//.exec(path)?.[1];
}
