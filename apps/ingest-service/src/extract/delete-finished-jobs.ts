import { Injectable } from '@nestjs/common';
import type { ConnectionId } from '@tributary/event-contracts';
import { toFailure } from '@tributary/failures';
import { SqlPool } from '@tributary/persistence';
import type { BulkClient } from '@tributary/salesforce-client';
import { isCursorLost } from './fallback.ts';
import type { OrgAccess } from './org-access.ts';

@Injectable()
export class DeleteFinishedJobs {
  constructor(private readonly pool: SqlPool) {}

  /** Deletes exports at Salesforce that are read or given up. What cannot be deleted now is tried after the next run; Salesforce deletes it itself after seven days. */
  async execute(connectionId: ConnectionId, access: OrgAccess): Promise<void> {
    const { rows } = await this.pool.query<{ job_id: string; api_version: string }>('select job_id, api_version from finished_job where connection_id = $1 limit 100', [connectionId]);
    if (rows.length === 0) return;
    const org = access.client();
    for (const { job_id: jobId, api_version: apiVersion } of rows) {
      if (!(await isDeleted(org.bulk(apiVersion), jobId))) return;
      await this.pool.query('delete from finished_job where connection_id = $1 and job_id = $2', [connectionId, jobId]);
    }
  }
}

async function isDeleted(bulk: BulkClient, jobId: string): Promise<boolean> {
  try {
    await bulk.delete(jobId);
    return true;
  } catch (error) {
    if (isCursorLost(error)) return true;
    // A job that still runs must be aborted before it can be deleted, which the next run does.
    await bulk.abort(jobId).catch((aborting: unknown) => toFailure(aborting));
    return false;
  }
}
