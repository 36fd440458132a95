import { Injectable } from '@nestjs/common';
import type { ConnectionId } from '@tributary/event-contracts';
import { SqlPool } from '@tributary/persistence';
import type { DataClient } from '@tributary/salesforce-client';
import { z } from 'zod';
import { OrgAccesses, type OrgClient } from '../extract/org-access.ts';
import type { Sql } from '../sql.ts';

const Counts = z.record(z.string(), z.int());
const objectsPerCall = 200;
const lastHour = `record_counts_at > now() - interval '1 hour'`;
/** A little less than the asker waits. */
const patienceMs = 25_000;

/** Rows of an org's objects as Salesforce estimates them. */
export interface RecordCounts {
  readonly of: ReadonlyMap<string, number>;
  readonly at: Date;
}

@Injectable()
export class ReadRecordCounts {
  constructor(
    private readonly pool: SqlPool,
    private readonly orgs: OrgAccesses,
  ) {}

  /** Counts kept from before; undefined when there are none. */
  async kept(sql: Sql, connectionId: ConnectionId): Promise<RecordCounts | undefined> {
    return keptCounts(sql, connectionId, 'true');
  }

  /** Counts of the last hour, asked of Salesforce when there are none: one call for 200 objects. */
  async fresh(sql: Sql, connectionId: ConnectionId, objects: readonly string[]): Promise<RecordCounts> {
    const kept = await keptCounts(sql, connectionId, lastHour);
    if (kept !== undefined) return kept;
    const { data } = (await this.orgs.open(connectionId, AbortSignal.timeout(patienceMs))).client();
    const counts = await counted(data, objects);
    await sql.query('update connection set record_counts = $2::jsonb, record_counts_at = now() where id = $1', [connectionId, JSON.stringify(Object.fromEntries(counts))]);
    return { of: counts, at: new Date() };
  }

  /** Counts of some objects, those of the last hour when there are any. */
  async ofObjects(connectionId: ConnectionId, objects: readonly string[], { data }: OrgClient): Promise<RecordCounts> {
    const kept = await keptCounts(this.pool, connectionId, lastHour);
    return kept !== undefined && objects.some((name) => kept.of.has(name)) ? kept : { of: await counted(data, objects), at: new Date() };
  }
}

async function keptCounts(sql: Sql, connectionId: ConnectionId, condition: string): Promise<RecordCounts | undefined> {
  const { rows: [row] } = await sql.query<{ record_counts: unknown; record_counts_at: Date }>(
    `select record_counts, record_counts_at from connection where id = $1 and record_counts is not null and ${condition}`, [connectionId]);
  return row === undefined ? undefined : { of: new Map(Object.entries(Counts.parse(row.record_counts))), at: row.record_counts_at };
}

/** One call for 200 objects. */
async function counted(data: DataClient, objects: readonly string[]): Promise<ReadonlyMap<string, number>> {
  const counts = new Map<string, number>();
  for (let from = 0; from < objects.length; from += objectsPerCall) for (const [name, count] of await data.recordCounts(objects.slice(from, from + objectsPerCall))) counts.set(name, count);
  return counts;
}
