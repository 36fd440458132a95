import { Injectable } from '@nestjs/common';
import type { ConnectionId } from '@tributary/event-contracts';
import { CallLog, madeCall, type MadeCall } from '@tributary/persistence';
import type { CallGate, CallPass, ObservedCall, QueryListener } from '@tributary/salesforce-client';
import type { CallBudget } from './call-budget.ts';
import { isTidying, laneOf, purposeOf, type CallLane } from './call-kind.ts';
import { CallSlots } from './call-slots.ts';
import type { Counted } from './org-budget.ts';

/** Salesforce's clock as the last good answer to a run told it. */
export interface RunOfCalls {
  serverTime?: Date;
}

/** For whom calls are made. */
export interface CallOrigin {
  readonly connectionId: ConnectionId;
  /** Such as its host; slots are those of an org. */
  readonly org: string;
  readonly runId?: string | undefined;
  /** Of which they are made. */
  readonly budget: CallBudget;
  /** What the calls of a run have in common, over all its objects. */
  readonly run: RunOfCalls;
  readonly object?: string | undefined;
}

/** Counts, limits and records the calls of one client. */
export interface ClientMeter {
  readonly gate: CallGate;
  readonly onCall: (call: ObservedCall, pass: CallPass | undefined) => void;
  readonly onQuery: QueryListener;
  calls(): number;
}

/** Makes meters: every call at Salesforce goes through one. */
@Injectable()
export class CallMeters {
  constructor(
    private readonly slots: CallSlots,
    private readonly log: CallLog,
  ) {}

  of({ connectionId, org, runId, budget, run, object }: CallOrigin): ClientMeter {
    let calls = 0;
    let last: MadeCall | undefined;
    const counted = new WeakMap<CallPass, Counted>();
    return {
      calls: () => calls,
      gate: async (method, path) => {
        const purpose = purposeOf(method, path);
        const leave = await budget.take(isTidying(purpose));
        const pass = await this.#enter(org, laneOf(purpose)).catch((error: unknown) => {
          budget.giveBack(leave);
          throw error;
        });
        counted.set(pass, leave);
        return pass;
      },
      onCall: ({ method, path, status, ms, apiUsage, rows, serverTime }, pass) => {
        calls += 1;
        if (serverTime !== undefined && status >= 200 && status < 400) run.serverTime = serverTime;
        const leave = pass === undefined ? undefined : counted.get(pass);
        if (leave !== undefined) budget.ended(leave, apiUsage);
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

  async #enter(org: string, lane: CallLane | undefined): Promise<CallPass> {
    return lane === undefined ? { leave: () => undefined, ended: new AbortController().signal } : this.slots.enter(org, lane);
  }
}

function objectOf(path: string): string | undefined {
  return /\/sobjects\/(\w+)\//.exec(path)?.[1];
}
