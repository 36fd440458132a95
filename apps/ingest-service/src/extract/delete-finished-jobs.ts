import { Injectable } from '@nestjs/common';
import type { ConnectionId } from '@tributary/event-contracts';
import { SqlPool } from '@tributary/persistence';
import { SalesforceCallFailure, type BulkClient } from '@tributary/salesforce-client';
import { scopeOf } from '../sync-run/run-verdict.ts';
import { isCursorLost } from './fallback.ts';
import type { OrgAccess } from './org-access.ts';

@Injectable()
export class DeleteFinishedJobs {
  constructor(private readonly pool: SqlPool) {}

  /** Deletes exports at Salesforce that are read or given up. What cannot be deleted now is tried after the next run; Salesforce deletes it itself after seven days, and then nothing is tried any more. */
  async execute(connectionId: ConnectionId, access: OrgAccess): Promise<void> {
    await this.pool.query(`delete from finished_job where connection_id = $1 and finished_at < now() - interval '7 days'`, [connectionId]);
    const { rows } = await this.pool.query<{ job_id: string; api_version: string }>('select job_id, api_version from finished_job where connection_id = $1 order by finished_at desc limit 100', [connectionId]);
    if (rows.length === 0) return;
    const org = access.client();
    for (const { job_id: jobId, api_version: apiVersion } of rows) {
      const ended = await end(org.bulk(apiVersion), jobId);
      if (ended === 'not-now') return;
      if (ended === 'deleted') await this.pool.query('delete from finished_job where connection_id = $1 and job_id = $2', [connectionId, jobId]);
    }
  }
}

/** A job that still runs is aborted first. `refused` concerns this one alone, such as a job of the user who consented before. */
async function end(bulk: BulkClient, jobId: string): Promise<'deleted' | 'refused' | 'not-now'> {
  try {
    await bulk.delete(jobId).catch(async (error: unknown) => {
      if (!(error instanceof SalesforceCallFailure) || error.reaction !== 'not-ready') throw error;
      await bulk.abort(jobId);
      await bulk.delete(jobId);
    });
    return 'deleted';
  } catch (error) {
    return isCursorLost(error) ? 'deleted' : error instanceof SalesforceCallFailure && scopeOf(error) === 'object' ? 'refused' : 'not-now';
  }
}
