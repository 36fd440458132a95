import { EntityManager } from '@mikro-orm/postgresql';
import { Injectable, Logger } from '@nestjs/common';
import { toFailure } from '@tributary/failures';
import { AuditTrail } from '../audit/audit-trail.ts';
import { PersonTable } from '../person/person.entity.ts';
import { failureCodeOf } from './consent-failure.ts';
import type { Finisher } from './finisher.ts';

/** A consent of somebody signed in that made no connection is in their workspace's audit log: who tried, and why it ended. */
@Injectable()
export class NoteFailedConsent {
  readonly #log = new Logger('consent');

  constructor(
    private readonly em: EntityManager,
    private readonly audit: AuditTrail,
  ) {}

  /** Nothing of what came from outside is kept; a log that cannot be written keeps nobody from the page that explains the failure. */
  async execute(error: unknown, { personId, correlationId }: Pick<Finisher, 'personId' | 'correlationId'>): Promise<void> {
    if (personId === undefined) return;
    try {
      await this.em.fork().transactional(async (em) => {
        const person = await em.findOne(PersonTable, { id: personId });
        if (person !== null) await this.audit.addOfPeople(em, person.workspaceId, { kind: 'consent-failed', text: 'A consent at Salesforce ended without a connection.', cause: failureCodeOf(toFailure(error)), personId, correlationId });
      });
    } catch (unwritten) {
      this.#log.error(`a failed consent (${correlationId}) is not in the audit log: ${unwritten instanceof Error ? unwritten.message : 'unknown'}`);
    }
  }
}
