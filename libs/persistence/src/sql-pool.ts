import { Logger } from '@nestjs/common';
import { endWithin } from '@tributary/service-kit';
import { Pool, type PoolClient } from 'pg';
import { installationScope } from './installation-scope.ts';
import type { PersistenceOptions } from './orm-configuration.ts';
import { boundedConnections } from './watched-client.ts';

const longestEndMs = 5_000;

/** A pool of plain connections for row leases, COPY and hot SQL; the service's schema is the search path. */
export class SqlPool extends Pool {
  /** @param idleTimeoutMs after which an unused connection is closed; 0 for never */
  static forService({ schema, url, poolMax = 10, idleTimeoutMs = 10_000 }: Pick<PersistenceOptions, 'schema' | 'url' | 'poolMax'> & { readonly idleTimeoutMs?: number }): SqlPool {
    const pool = new SqlPool({
      connectionString: url,
      max: poolMax,
      idleTimeoutMillis: idleTimeoutMs,
      options: `-c search_path=${schema} ${installationScope}`,
      application_name: `tributary-${schema}-sql`,
      ...boundedConnections,
    });
    // Without a listener a connection dropped by the server would end the process.
    pool.on('error', (error) => new Logger('sql-pool').warn(`a database connection was lost: ${error.message}`));
    return pool;
  }

  /** Runs `work` in one transaction on one connection. */
  async transaction<T>(work: (client: PoolClient) => Promise<T>): Promise<T> {
    const client = await this.connect();
    const onError = (): void => undefined;
    client.on('error', onError);
    let broken: unknown;
    try {
      await client.query('begin');
      const result = await work(client);
      await client.query('commit');
      return result;
    } catch (error) {
      await client.query('rollback').catch((lost: unknown) => (broken = lost));
      throw error;
    } finally {
      client.off('error', onError);
      client.release(broken !== undefined);
    }
  }

  /** A connection that never comes back does not keep the process from ending. */
  async onApplicationShutdown(): Promise<void> {
    await endWithin('the pool of plain connections', longestEndMs, this.end());
  }
}
