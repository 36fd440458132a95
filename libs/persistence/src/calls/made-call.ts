import type { CallPurpose } from '@tributary/api-contracts';
import { v7 as uuidV7 } from 'uuid';

/** A call made at Salesforce, as it is kept: no query, no header, no body. */
export interface MadeCall {
  /** UUID v7: by it the calls of all processes and services follow each other in time. */
  readonly id: string;
  readonly at: Date;
  readonly connectionId: string;
  readonly runId?: string | undefined;
  readonly object?: string | undefined;
  readonly method: string;
  readonly path: string;
  readonly purpose: CallPurpose;
  /** Rows, or events of a stream; undefined where there are none to count, or not yet. */
  readonly rows?: number | undefined;
  /** 0 when there was no answer. */
  readonly status: number;
  readonly ms: number;
  readonly apiUsed?: number | undefined;
}

/** The least id a call of an instant may have. */
export function firstCallId(at: Date): string {
  const ms = at.getTime().toString(16).padStart(12, '0');
  return `${ms.slice(0, 8)}-${ms.slice(8)}-7000-8000-000000000000`;
}

/** A call of this moment. */
export function madeCall(call: Omit<MadeCall, 'id' | 'at'>): MadeCall {
  return { id: uuidV7(), at: new Date(), ...call };
}
