import { EntityManager } from '@mikro-orm/postgresql';
import { Injectable } from '@nestjs/common';
import type { PoolClient, QueryResult, QueryResultRow } from 'pg';
import { SqlPool } from './sql-pool.ts';

// Local to the transaction: the next user of the pooled connection starts from the pool's own scope again.
const enter = "select set_config('tributary.scope', 'workspace', true), set_config('tributary.workspace_id', ";

/** Statements that see one workspace. */
export interface ScopedSql {
  query<Row extends QueryResultRow>(text: string, values?: unknown[]): Promise<QueryResult<Row>>;
}

/** Everything a person asks for runs in here: PostgreSQL itself then shows and takes only rows of that workspace. */
@Injectable()
export class WorkspaceScope {
  constructor(
    private readonly em: EntityManager,
    private readonly pool: SqlPool,
  ) {}

  /** Runs `work` in one transaction that sees the workspace and nothing else. */
  async run<T>(workspaceId: string, work: (em: EntityManager) => Promise<T>): Promise<T> {
    return this.em.fork().transactional(async (em) => {
      await em.execute(`${enter}?, true)`, [workspaceId]);
      return work(em);
    });
  }

  /** The same on a connection of the plain pool. */
  async runSql<T>(workspaceId: string, work: (client: PoolClient) => Promise<T>): Promise<T> {
    return this.pool.transaction(async (client) => {
      await client.query(`${enter}$1, true)`, [workspaceId]);
      return work(client);
    });
  }

  /** Each statement in a transaction of its own, for work that waits for somebody else between two of them: no connection is held meanwhile. */
  sqlOf(workspaceId: string): ScopedSql {
    return { query: async <Row extends QueryResultRow>(text: string, values: unknown[] = []) => this.runSql(workspaceId, (client) => client.query<Row>(text, values)) };
  }
}
