import { Injectable } from '@nestjs/common';
import type { DeletionConfirmation, DeletionList } from '@tributary/api-contracts';
import { deletionsConfirmed, type ConnectionId, type PersonId, type WorkspaceId } from '@tributary/event-contracts';
import { Conflict } from '@tributary/failures';
import { Outbox, WorkspaceScope } from '@tributary/persistence';
import { Connections } from '../connection/connections.store.ts';
import { RunWakeUp } from '../sync-run/run-wake-up.ts';
import { openRunSoon } from '../sync-run/sync-runs.store.ts';
import { ReadDeletions } from './read-deletions.ts';

/** Who confirms what. */
export interface Confirmation extends DeletionConfirmation {
  readonly workspaceId: WorkspaceId;
  readonly connectionId: ConnectionId;
  readonly personId: PersonId;
}

@Injectable()
export class ConfirmDeletions {
  constructor(
    private readonly scope: WorkspaceScope,
    private readonly outbox: Outbox,
    private readonly connections: Connections,
    private readonly readDeletions: ReadDeletions,
    private readonly wakeUp: RunWakeUp,
  ) {}

  /**
   * Believes that the rows held back really are gone. The next run, opened at once, looks once more and marks those of them that are still missing; others are judged as ever.
   * @throws NotFound `CONNECTION_UNKNOWN`; Conflict `HELD_DELETIONS_CHANGED` when it is not that many rows, or none, that are held
   */
  async execute({ workspaceId, connectionId, personId, object, rows }: Confirmation): Promise<DeletionList> {
    await this.scope.runSql(workspaceId, async (client) => {
      await this.connections.require(connectionId, client);
      const { rows: confirmed } = await client.query(
        `update held_deletion set confirmed_at = coalesce(confirmed_at, now()), confirmed_by = coalesce(confirmed_by, $4) where connection_id = $1 and object = $2 and cardinality(ids) = $3 returning 1`,
        [connectionId, object, rows, personId]);
      if (confirmed.length === 0) throw new Conflict('HELD_DELETIONS_CHANGED', `It is not ${rows} rows of ${object} that wait to be confirmed.`, { action: 'Look again at what is held.' });
      await this.outbox.addWith(client, deletionsConfirmed.create({ connectionId, personId, object, rows }));
      await openRunSoon(client, connectionId);
    });
    this.wakeUp.now();
    return this.readDeletions.execute(workspaceId, connectionId);
  }
}
