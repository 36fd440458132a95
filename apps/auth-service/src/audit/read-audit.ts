import type { EntityManager } from '@mikro-orm/postgresql';
import { Injectable } from '@nestjs/common';
import type { AuditPage, AuditRecord } from '@tributary/api-contracts';
import { People } from '../person/people.ts';
import { VerifyChain } from './verify-chain.ts';

export interface AuditRequest {
  readonly personId: string;
  readonly before?: number | undefined;
  readonly limit: number;
}

/** What the last check of the whole chain found. */
interface LastCheck {
  readonly at: string;
  readonly brokenAt: number | null;
}

/** The audit log of a workspace for its owners, newest first. */
@Injectable()
export class ReadAudit {
  constructor(
    private readonly people: People,
    private readonly verifyChain: VerifyChain,
  ) {}

  /** @throws Forbidden `ROLE_INSUFFICIENT` */
  async execute({ personId, before, limit }: AuditRequest): Promise<AuditPage> {
    const { workspaceId, records, checked } = await this.people.as(personId, 'read-audit', async (em, person) => ({ workspaceId: person.workspaceId, records: await page(em, before ?? null, limit + 1), checked: await lastCheck(em) }));
    const shown = records.slice(0, limit);
    return { records: shown, before: records.length > limit ? (shown.at(-1)?.sequence ?? null) : null, chain: await this.#chain(workspaceId, checked) };
  }

  /** What was added since the last anchor is followed at each reading; what stands before it by the daily check, whose finding counts. */
  async #chain(workspaceId: string, checked: LastCheck | undefined): Promise<AuditPage['chain']> {
    const recent = await this.verifyChain.sinceAnchor(workspaceId);
    const brokenAt = checked?.brokenAt ?? recent.brokenAt;
    return { intact: brokenAt === null, entries: recent.entries, brokenAt, checkedAt: checked?.at ?? null };
  }
}

async function page(em: EntityManager, before: number | null, limit: number): Promise<AuditRecord[]> {
  return em.execute<AuditRecord[]>(`
    select e.sequence::int as sequence, to_char(e.at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') as at, e.kind, e.text, e.cause, p.name as person,
      e.connection_id as "connectionId", c.name as "connectionName", e.hash
    from audit_entry e left join person p on p.id = e.person_id left join connection c on c.id = e.connection_id
    where e.sequence < coalesce(cast(? as bigint), 9223372036854775807)
    order by e.sequence desc limit ?`, [before, limit], 'all');
}

/** Row security shows that of the person's own workspace only. */
async function lastCheck(em: EntityManager): Promise<LastCheck | undefined> {
  const [check] = await em.execute<LastCheck[]>(`select to_char(at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') as at, broken_at::int as "brokenAt" from audit_check where at is not null`, [], 'all');
  return check;
}
