import { Logger } from '@nestjs/common';
import type { WorkspaceId } from '@tributary/event-contracts';
import { boundedConnections } from '@tributary/persistence';
import { endWithin } from '@tributary/service-kit';
import { Pool, type PoolClient } from 'pg';

const longestEndMs = 5_000;

/** How long a reading may take, and for whom it is. */
export interface Reading {
  readonly timeoutMs: number;
  /** Of the person who asks: PostgreSQL shows the objects of connections of that workspace alone. Absent for merges, which no person asks for. */
  readonly workspaceId?: WorkspaceId;
}

/** The published copies, read-only: nothing this service does can change them. */
export class Warehouse {
  readonly #pool: Pool;

  constructor(url: string) {
    this.#pool = new Pool({
      connectionString: url, max: 6, ...boundedConnections, application_name: 'tributary-analytics-warehouse',
      options: '-c default_transaction_read_only=on -c search_path=pg_catalog -c timezone=UTC -c datestyle=ISO -c work_mem=64MB -c jit=off',
      // Values stay the text PostgreSQL wrote: exact decimals, no local time.
      types: { getTypeParser: () => (text: string) => text },
    });
    // Without a listener a connection dropped by the server would end the process.
    this.#pool.on('error', (error) => new Logger('warehouse').warn(`a warehouse connection was lost: ${error.message}`));
  }

  /** Runs `work` in one read-only transaction that sees one moment of the warehouse. */
  async snapshot<T>(work: (client: PoolClient) => Promise<T>, { timeoutMs, workspaceId }: Reading): Promise<T> {
    const client = await this.#pool.connect();
    const onError = (): void => undefined;
    client.on('error', onError);
    let broken: unknown;
    try {
      await client.query(`begin transaction isolation level repeatable read read only; set local statement_timeout = ${Math.ceil(timeoutMs)}${workspaceId === undefined ? '' : `; set local tributary.workspace_id = ${client.escapeLiteral(workspaceId)}`}`);
      return await work(client);
    } finally {
      await client.query('rollback').catch((lost: unknown) => (broken = lost));
      client.off('error', onError);
      client.release(broken !== undefined);
    }
  }

  async onApplicationShutdown(): Promise<void> {
    await endWithin('the pool of the warehouse', longestEndMs, this.#pool.end());
  }
}
