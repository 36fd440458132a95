import { Inject, Injectable } from '@nestjs/common';
import type { ChangeEvents } from '@tributary/api-contracts';
import type { ConnectionId, WorkspaceId } from '@tributary/event-contracts';
import { Conflict } from '@tributary/failures';
import { WorkspaceScope } from '@tributary/persistence';
import { connectionUnknown } from '../connection/connections.store.ts';
import { forgetChanges } from './changed-objects.store.ts';
import { PUBSUB, type PubSub } from './pubsub.provider.ts';
import { readChangeEvents } from './read-change-events.ts';

@Injectable()
export class SwitchChangeEvents {
  constructor(
    private readonly scope: WorkspaceScope,
    @Inject(PUBSUB) private readonly pubsub: PubSub,
  ) {}

  /**
   * The stream begins or ends within seconds. Switched off, its place is forgotten: switched on again, everything is polled once.
   * @throws NotFound `CONNECTION_UNKNOWN`
   * @throws Conflict `CHANGE_EVENTS_UNAVAILABLE` where a simulator without them stands in for Salesforce
   */
  async execute(workspaceId: WorkspaceId, connectionId: ConnectionId, on: boolean): Promise<ChangeEvents> {
    if (on && !this.pubsub.isOn) throw new Conflict('CHANGE_EVENTS_UNAVAILABLE', 'This installation has no address of the Pub/Sub API.', { action: 'Set SALESFORCE_PUBSUB_ENDPOINT to that of the simulator.' });
    const state = await this.scope.runSql(workspaceId, async (client) => {
      await client.query(`update connection set change_events = $2 where id = $1 and state <> 'erased'`, [connectionId, on]);
      if (!on) await forgetChanges(client, connectionId);
      return (await readChangeEvents(client, [connectionId])).get(connectionId);
    });
    if (state === undefined) throw connectionUnknown();
    return state;
  }
}
