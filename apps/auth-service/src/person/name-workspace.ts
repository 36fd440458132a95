import { EntityManager } from '@mikro-orm/postgresql';
import { Injectable } from '@nestjs/common';
import { connectionSyncs, WorkspaceName } from '@tributary/api-contracts';
import { WorkspaceId, type ConnectionId } from '@tributary/event-contracts';
import { RequestClient } from '@tributary/messaging';
import { AuditTrail } from '../audit/audit-trail.ts';
import { ConnectionTable } from '../connection/connection.entity.ts';
import { WorkspaceTable } from './person.entity.ts';

/** Salesforce tells the name of an org to nobody but who reads its data: the sign-in knows no more than its address. */
@Injectable()
export class NameWorkspace {
  constructor(
    private readonly em: EntityManager,
    private readonly requests: RequestClient,
    private readonly audit: AuditTrail,
  ) {}

  /**
   * Names the workspace that was made for a connection's org after it, once that org's name was copied, unless somebody has chosen a name.
   * @throws Unavailable when ingest-service does not answer
   */
  async execute(connectionId: ConnectionId): Promise<void> {
    const em = this.em.fork();
    const connection = await em.findOne(ConnectionTable, { id: connectionId });
    if (connection === null) return;
    const workspace = await em.findOne(WorkspaceTable, { id: connection.workspaceId, orgId: connection.orgId, nameOrigin: 'address' });
    if (workspace === null) return;
    const { syncs } = await this.requests.ask(connectionSyncs, { workspaceId: WorkspaceId.parse(workspace.id), connectionIds: [connectionId] });
    const name = WorkspaceName.safeParse(syncs[connectionId]?.orgName);
    if (name.success) await this.#name(workspace, name.data);
  }

  async #name({ id, name: before }: { readonly id: string; readonly name: string }, name: string): Promise<void> {
    await this.em.fork().transactional(async (em) => {
      const named = await em.nativeUpdate(WorkspaceTable, { id, nameOrigin: 'address' }, { name, nameOrigin: 'org' });
      if (named > 0) await this.audit.addOfPeople(em, id, { kind: 'workspace-named', text: `The workspace is called ${name} now, after its org; it was ${before}, after the address.` });
    });
  }
}
