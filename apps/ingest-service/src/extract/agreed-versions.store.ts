import { Injectable } from '@nestjs/common';
import type { ConnectionId } from '@tributary/event-contracts';
import { SqlPool } from '@tributary/persistence';

/** API versions agreed with orgs. Salesforce has a new one three times a year: asked once a day. */
@Injectable()
export class AgreedVersions {
  constructor(private readonly pool: SqlPool) {}

  async of(connectionId: ConnectionId, ask: () => Promise<string>): Promise<string> {
    const { rows: [row] } = await this.pool.query<{ api_version: string | null }>(
      `select api_version from connection where id = $1 and api_version_at > now() - interval '1 day'`, [connectionId]);
    if (row !== undefined && row.api_version !== null) return row.api_version;
    const version = await ask();
    await this.pool.query('update connection set api_version = $2, api_version_at = now() where id = $1', [connectionId, version]);
    return version;
  }
}
