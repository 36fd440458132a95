import type { EntityManager } from '@mikro-orm/postgresql';
import { Injectable } from '@nestjs/common';
import { AuditTrail, type Happening } from '../audit/audit-trail.ts';
import { ConnectionChanges } from '../connection/connection-changes.ts';
import type { Connection } from '../connection/connection.entity.ts';

/** Causes that access by another way does not repair. */
const quarantined: ReadonlySet<string> = new Set(['identity-changed', 'signature-invalid', 'host-refused', 'vault-unreadable']);

/** Brings a connection back that an assertion gave access for. */
@Injectable()
export class Revive {
  constructor(
    private readonly changes: ConnectionChanges,
    private readonly audit: AuditTrail,
  ) {}

  /** Runs in the caller's transaction, which holds the connection. `told` is written down in any case when given. */
  async execute(em: EntityManager, connection: Connection, told: Happening | undefined): Promise<void> {
    const change = told === undefined ? {} : { told };
    switch (connection.state) {
      case 'pending_consent':
      case 'disconnected':
      case 'needs_reconsent':
        connection.failures = 0;
        await this.changes.apply(em, connection, 'consented');
        return this.changes.apply(em, connection, 'tokens-stored', change);
      case 'refresh_uncertain':
      case 'degraded':
      case 'held':
      case 'needs_admin':
        if (connection.attentionCause !== null && quarantined.has(connection.attentionCause ?? '')) break;
        connection.failures = 0;
        return this.changes.apply(em, connection, 'recovered', { told: told ?? { kind: 'recovered', text: 'A signed assertion gave new access.' } });
      default:
        break;
    }
    if (told !== undefined) await this.audit.add(em, connection, told);
  }
}
