import { EntityManager } from '@mikro-orm/postgresql';
import { Injectable, Logger } from '@nestjs/common';
import { Forbidden } from '@tributary/failures';
import { TokenClient } from '@tributary/salesforce-client';
import { ConnectionTable } from '../connection/connection.entity.ts';
import { WorkspaceTable, type Person } from '../person/person.entity.ts';
import type { ProvenAccess } from './prove-access.ts';

/** Keeps workspaces apart: one certificate serves every org that trusts the app, so an assertion alone does not say whose org it is. */
@Injectable()
export class ServiceConnectionRights {
  readonly #log = new Logger('jwt-grant');

  constructor(
    private readonly em: EntityManager,
    private readonly tokenClient: TokenClient,
  ) {}

  /**
   * The org must be that of the person's workspace, one that somebody there consented for, or the installation has one workspace only.
   * What was given for a foreign org is revoked.
   * @throws Forbidden `ORG_NOT_YOURS`
   */
  async require({ workspaceId }: Person, { identity: { orgId }, tokens, host }: ProvenAccess): Promise<void> {
    const em = this.em.fork();
    const own = await em.count(WorkspaceTable, { id: workspaceId, orgId });
    const consented = await em.count(ConnectionTable, { workspaceId, orgId });
    if (own > 0 || consented > 0 || (await em.count(WorkspaceTable)) === 1) return;
    this.tokenClient.revoke(host, tokens.accessToken).catch((error: unknown) => this.#log.warn(`access to a foreign org could not be given back: ${error instanceof Error ? error.message : 'unknown'}`));
    throw new Forbidden('ORG_NOT_YOURS', 'This user belongs to an org of another workspace.', { action: 'Connect this org with a consent first; afterwards its users can be connected by assertion.' });
  }
}
