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

/** What happened to each connection, for people and for audits. */
@Injectable()
export class AuditTrail {
  constructor(@Inject(CLOCK) private readonly now: Clock) {}

  /** Adds an entry to the transaction of `em`. */
  async add(em: EntityManager, { id, workspaceId }: { readonly id: string; readonly workspaceId: string }, { kind, text, cause, personId, correlationId }: Happening): Promise<void> {
    await em.insert(AuditEntryTable, { workspaceId, connectionId: id, personId: personId ?? null, at: this.now(), kind, text, cause: cause ?? null, correlationId: correlationId ?? null });
  }

  /** The last hundred entries of each connection, newest first. */
  async timelines(em: EntityManager, connectionIds: readonly string[]): Promise<ReadonlyMap<string, TimelineEntry[]>> {
    const rows = await Promise.all(connectionIds.map(async (connectionId) => [
      connectionId,
      await em.fork().find(AuditEntryTable, { connectionId }, { orderBy: { id: 'desc' }, limit: shownEntries }),
    ] as const));
    return new Map(rows.map(([id, entries]) => [id, entries.map(({ at, kind, text }) => ({ at: at.toISOString(), kind, text }))]));
  }
}
