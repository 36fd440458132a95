import { ConnectionList, type Connection } from '@tributary/api-contracts';
import type { ApiClient } from './api-client.ts';
import { CommandFailure } from './command-failure.ts';

/**
 * A connection by its id or the beginning of it, its name, or its username; the only one when none is named.
 * @throws CommandFailure `CONNECTION_UNKNOWN`, `CONNECTION_AMBIGUOUS`
 */
export async function findConnection(api: ApiClient, named: string | undefined): Promise<Connection> {
  const { connections } = await api.ask('GET', '/api/connections', ConnectionList);
  return pick(connections, named);
}

export function pick(connections: readonly Connection[], named: string | undefined): Connection {
  const fits = ({ id, name, user }: Connection): boolean => named === undefined || id.startsWith(named.toLowerCase()) || name === named || user.username === named;
  const [found, ...others] = connections.filter(fits);
  if (found === undefined) throw new CommandFailure(named === undefined ? 'There is no connection yet: make one with "connect".' : `There is no connection ${named}: see "list".`, 'failed', 'CONNECTION_UNKNOWN');
  if (others.length > 0) throw new CommandFailure(`There are ${others.length + 1} connections${named === undefined ? '' : ` that fit ${named}`}: name one by its id, see "list".`, 'usage', 'CONNECTION_AMBIGUOUS');
  return found;
}
