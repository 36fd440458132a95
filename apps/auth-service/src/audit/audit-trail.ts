import type { EntityManager } from '@mikro-orm/postgresql';
import { Inject, Injectable } from '@nestjs/common';
import type { TimelineEntry } from '@tributary/api-contracts';
import { CLOCK, type Clock } from '@tributary/service-kit';
import { AuditEntryTable } from './audit-entry.entity.ts';

export interface Happening {
  readonly kind: string;
  readonly text: string;
  readonly cause?: string | undefined;
  readonly personId?: string | undefined;
  readonly correlationId?: string | undefined;
}

const shownEntries = 100;

/** What happened, for people and for audits; entries of a workspace are one chain. */
@Injectable()
export class AuditTrail {
  constructor(@Inject(CLOCK) private readonly now: Clock) {}

  /** Adds an entry about a connection to the transaction of `em`. */
  async add(em: EntityManager, { id, workspaceId }: { readonly id: string; readonly workspaceId: string }, happening: Happening): Promise<void> {
    await this.#insert(em, workspaceId, id, happening);
  }

  /** Adds an entry about people of a workspace to the transaction of `em`. */
  async addOfPeople(em: EntityManager, workspaceId: string, happening: Happening): Promise<void> {
    await this.#insert(em, workspaceId, null, happening);
  }

  /** The last hundred entries of each connection that tell people something, newest first, as far as the transaction of `em` sees them. */
  async timelines(em: EntityManager, connectionIds: readonly string[]): Promise<ReadonlyMap<string, TimelineEntry[]>> {
    const rows = await em.execute<({ connection: string } & TimelineEntry)[]>(`
      select c.id as connection, to_char(e.at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') as at, e.kind, e.text
      from unnest(cast(? as uuid[])) with ordinality as c (id, place)
        cross join lateral (select id, at, kind, text from audit_entry where connection_id = c.id and kind <> 'step' order by id desc limit ${shownEntries}) e
      order by c.place, e.id desc`, [`{${connectionIds.join(',')}}`], 'all');
    const entries = Map.groupBy(rows, ({ connection }) => connection);
    return new Map([...entries].map(([id, found]) => [id, found.map(({ at, kind, text }) => ({ at, kind, text }))]));
  }

  async #insert(em: EntityManager, workspaceId: string, connectionId: string | null, { kind, text, cause, personId, correlationId }: Happening): Promise<void> {
    await em.insert(AuditEntryTable, { workspaceId, connectionId, personId: personId ?? null, at: this.now(), kind, text, cause: cause ?? null, correlationId: correlationId ?? null });
  }
}
