import type { EntityManager } from '@mikro-orm/postgresql';
import { Injectable } from '@nestjs/common';
import { AuditTrail, type Happening } from '../audit/audit-trail.ts';

/** A connection whose access depends on the app's certificate. */
export interface Relier {
  readonly id: string;
  readonly workspaceId: string;
}

/** Who relies on signing keys: every connection with a live jwt grant. */
@Injectable()
export class Reliers {
  constructor(private readonly audit: AuditTrail) {}

  async all(em: EntityManager): Promise<readonly Relier[]> {
    return em.execute<Relier[]>("select g.connection_id as id, g.workspace_id as \"workspaceId\" from oauth_grant g where g.kind = 'jwt' and g.state = 'live' order by g.connection_id", [], 'all');
  }

  /** Tells it in the timeline of each. */
  async tell(em: EntityManager, happening: Happening): Promise<void> {
    for (const relier of await this.all(em)) await this.audit.add(em, relier, happening);
  }
}
