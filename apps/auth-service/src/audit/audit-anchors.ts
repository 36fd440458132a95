import { Inject, Injectable, Logger } from '@nestjs/common';
import { SqlPool } from '@tributary/persistence';
import { CLOCK, type Clock } from '@tributary/service-kit';

interface Anchor {
  readonly workspaceId: string;
  readonly sequence: string;
  readonly hash: string;
}

/** Once a day the head of every chain goes to the log, which is kept elsewhere: who rewrites a whole chain cannot rewrite that line. */
@Injectable()
export class AuditAnchors {
  readonly #log = new Logger('audit-anchor');

  constructor(
    private readonly pool: SqlPool,
    @Inject(CLOCK) private readonly now: Clock,
  ) {}

  /** Anchors what this UTC day has not anchored yet, once for all replicas. */
  async execute(): Promise<readonly Anchor[]> {
    const { rows } = await this.pool.query<Anchor>(`
      insert into audit_anchor (day, workspace_id, sequence, hash, at)
        select ($1::timestamptz at time zone 'UTC')::date, workspace_id, sequence, hash, $1 from audit_chain
      on conflict do nothing returning workspace_id as "workspaceId", sequence, hash`, [this.now()]);
    for (const { workspaceId, sequence, hash } of rows) this.#log.log(`audit anchor: workspace ${workspaceId}, entry ${sequence}, ${hash}`);
    return rows;
  }
}
