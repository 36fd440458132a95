import { Injectable } from '@nestjs/common';
import type { CallsRequest, SalesforceCallList } from '@tributary/api-contracts';
import type { ConnectionId } from '@tributary/event-contracts';
import { SqlPool } from '@tributary/persistence';
import type { CallPurpose } from './call-kind.ts';
import { CallLog, keptCalls, keptDays } from './call-log.ts';

interface CallRow {
  readonly [column: string]: unknown;
  readonly id: string;
  readonly run_id: string | null;
  readonly object: string | null;
  readonly method: string;
  readonly path: string;
  readonly purpose: CallPurpose;
  readonly rows: string | null;
  readonly status: number;
  readonly ms: number;
  readonly api_used: number | null;
  readonly at: Date;
}

@Injectable()
export class ReadCalls {
  constructor(
    private readonly pool: SqlPool,
    private readonly log: CallLog,
  ) {}

  /** Calls made for a connection, newest first; of one object or purpose when asked for. @param before id below which to go on */
  async execute(connectionId: ConnectionId, { limit, before, object, purpose }: CallsRequest): Promise<SalesforceCallList> {
    await this.log.flush();
    const { rows } = await this.pool.query<CallRow>(
      `select * from salesforce_call where connection_id = $1 and ($3::bigint is null or id < $3) and ($4::text is null or object = $4) and ($5::text is null or purpose = $5)
        order by id desc limit $2`, [connectionId, limit, before ?? null, object ?? null, purpose ?? null]);
    return {
      calls: rows.map((row) => ({
        id: row.id, at: row.at.toISOString(), method: row.method, path: row.path, purpose: row.purpose, object: row.object, runId: row.run_id,
        rows: row.rows === null ? null : Number(row.rows), status: row.status, ms: row.ms, apiUsed: row.api_used,
      })),
      before: rows.length < limit ? null : (rows.at(-1)?.id ?? null), keptDays, keptCalls,
    };
  }
}
