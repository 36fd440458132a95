import { EntityManager } from '@mikro-orm/postgresql';
import { Inject, Injectable } from '@nestjs/common';
import { probeOrg, type DoctorReport } from '@tributary/api-contracts';
import { ConnectionId, WorkspaceId } from '@tributary/event-contracts';
import { RequestClient } from '@tributary/messaging';
import { CLOCK, type Clock } from '@tributary/service-kit';
import { callsOf } from '../calls/call-origin.ts';
import { ConnectionTable } from '../connection/connection.entity.ts';
import { ReadConnections } from '../connection/read-connections.ts';
import { diagnose } from './diagnose.ts';
import { look } from './look.ts';
import { LookAtOurselves } from './look-at-ourselves.ts';
import { LookAtSalesforce } from './look-at-salesforce.ts';

/** No look may take longer; all of them run side by side, so the whole ends within 30 seconds. */
const lookMs = 25_000;

/** Looks at everything between the person and their data. Never refreshes just to look. */
@Injectable()
export class RunDoctor {
  constructor(
    private readonly em: EntityManager,
    private readonly connections: ReadConnections,
    private readonly ourselves: LookAtOurselves,
    private readonly salesforce: LookAtSalesforce,
    private readonly requests: RequestClient,
    @Inject(CLOCK) private readonly now: Clock,
  ) {}

  /** @throws NotFound `CONNECTION_NOT_FOUND` also when it belongs to somebody else */
  async execute(personId: string, connectionId: ConnectionId): Promise<DoctorReport> {
    const connection = await this.connections.one(personId, connectionId);
    const row = await this.em.fork().findOneOrFail(ConnectionTable, { id: connectionId });
    const [own, loginHost, identity, assertion, org] = await callsOf(connectionId, () => Promise.all([
      this.ourselves.execute(connection),
      look(this.salesforce.loginHost(connection.loginOrigin), lookMs),
      look(this.salesforce.identity(row), lookMs),
      look(this.salesforce.assertion(row), lookMs),
      look(this.requests.ask(probeOrg, { workspaceId: WorkspaceId.parse(row.workspaceId), connectionId }), lookMs),
    ]));
    return diagnose({ own, loginHost, identity, assertion, org }, this.now());
  }
}
