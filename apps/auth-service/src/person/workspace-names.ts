import { Injectable } from '@nestjs/common';
import type { Workspace } from '@tributary/api-contracts';
import { AuditTrail } from '../audit/audit-trail.ts';
import { People } from './people.ts';
import { WorkspaceTable } from './person.entity.ts';

/** What a workspace is called, by those who are in it. */
@Injectable()
export class WorkspaceNames {
  constructor(
    private readonly people: People,
    private readonly audit: AuditTrail,
  ) {}

  async read(personId: string): Promise<Workspace> {
    return this.people.as(personId, 'read', async (em, { workspaceId: id }) => ({ id, name: (await em.findOneOrFail(WorkspaceTable, { id })).name }));
  }

  /** A name that somebody chose is never replaced by the org's. @throws Forbidden `ROLE_INSUFFICIENT` */
  async rename(personId: string, name: string): Promise<Workspace> {
    return this.people.as(personId, 'rename-workspace', async (em, person) => {
      const workspace = await em.findOneOrFail(WorkspaceTable, { id: person.workspaceId });
      const { id, name: before } = workspace;
      Object.assign(workspace, { name, nameOrigin: 'owner' });
      if (name !== before) await this.audit.addOfPeople(em, id, { kind: 'workspace-renamed', text: `${person.name} renamed the workspace from ${before} to ${name}.`, personId });
      await em.flush();
      return { id, name };
    });
  }
}
