import { PostgreSqlDriver } from '@mikro-orm/postgresql';
import { endWithin } from '@tributary/service-kit';

const longestEndMs = 5_000;

/** PostgreSQL's driver, except that a connection that never comes back does not keep the process from ending. */
export class EndingDriver extends PostgreSqlDriver {
  override async close(force?: boolean): Promise<void> {
    await endWithin('the pool of entities', longestEndMs, super.close(force));
  }
}
