import type { EntityManager } from '@mikro-orm/postgresql';
import { Injectable } from '@nestjs/common';
import { AuditTrail } from '../audit/audit-trail.ts';
import type { Person } from '../person/person.entity.ts';
import { Tickets } from './tickets.ts';

export interface ProvenSignIn {
  /** As people know it. */
  readonly provider: string;
  readonly authenticatedAt: Date;
  readonly correlationId: string;
}

/** Lets a proven person in without connecting anything. */
@Injectable()
export class SignInWithoutConnection {
  constructor(
    private readonly tickets: Tickets,
    private readonly audit: AuditTrail,
  ) {}

  /** @returns the ticket for the gateway */
  async execute(em: EntityManager, person: Person, { provider, authenticatedAt, correlationId }: ProvenSignIn): Promise<string> {
    await this.audit.addOfPeople(em, person.workspaceId, { kind: 'signed-in', text: `${person.name} signed in with ${provider}.`, personId: person.id, correlationId });
    return this.tickets.issue(em, { personId: person.id, connectionId: null, authenticatedAt });
  }
}
