import { Inject, Injectable } from '@nestjs/common';
import { ConnectionId, datasetRefreshed } from '@tributary/event-contracts';
import { LivePublisher } from '@tributary/messaging';
import { Outbox, SqlPool } from '@tributary/persistence';
import { CLOCK, type Clock } from '@tributary/service-kit';
import type { MergedObject } from './merge-into.ts';

/** What the service remembers of datasets: how far others were told, and which connections are erased for good. */
@Injectable()
export class DatasetLedger {
  constructor(
    private readonly pool: SqlPool,
    private readonly outbox: Outbox,
    private readonly live: LivePublisher,
    @Inject(CLOCK) private readonly now: Clock,
  ) {}

  /** Tells that the copy has advanced; versions that were told before, such as those of a remade copy, are not told again. */
  async refreshed(connection: string, objects: readonly MergedObject[]): Promise<void> {
    const connectionId = ConnectionId.parse(connection);
    const advanced = await this.pool.transaction(async (client) => {
      const news: MergedObject[] = [];
      for (const merged of objects) {
        const { rowCount } = await client.query(
          `insert into dataset (connection_id, object, version, rows, refreshed_at) values ($1, $2, $3, $4, $5)
           on conflict (connection_id, object) do update set version = excluded.version, rows = excluded.rows, refreshed_at = excluded.refreshed_at
           where dataset.version <> excluded.version`, [connectionId, merged.object, merged.version.toString(), merged.rows, this.now()]);
        if (rowCount === 1) news.push(merged);
      }
      if (news.length > 0) await this.outbox.addWith(client, datasetRefreshed.create({ connectionId, objects: news.map(({ object, version, rows }) => ({ object, version: version.toString(), rows })) }, { now: this.now() }));
      return news;
    });
    if (advanced.length > 0) this.live.publish({ type: 'dataset.refreshed', connectionId, objects: advanced.map(({ object }) => object) });
  }

  async isErased(connectionId: string): Promise<boolean> {
    return (await this.pool.query('select 1 from erased_connection where connection_id = $1', [connectionId])).rows.length > 0;
  }

  /** From here on nothing of the connection is copied again. */
  async markErased(connectionId: string): Promise<void> {
    await this.pool.query('insert into erased_connection (connection_id, erased_at) values ($1, $2) on conflict do nothing', [connectionId, this.now()]);
  }

  async forget(connectionId: string): Promise<void> {
    await this.pool.query('delete from dataset where connection_id = $1', [connectionId]);
  }
}
