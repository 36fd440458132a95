import type { EntityManager } from '@mikro-orm/postgresql';
import { Injectable } from '@nestjs/common';
import type { SignInProof } from '@tributary/api-contracts';
import { AuditTrail } from '../audit/audit-trail.ts';
import type { Person } from '../person/person.entity.ts';
import { proofText } from './sign-in-proof.ts';
import { Tickets } from './tickets.ts';

export interface ProvenSignIn {
  /** As people know it. */
  readonly provider: string;
  readonly authenticatedAt: Date;
  /** How, as far as the provider told. */
  readonly proof: SignInProof;
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
  async execute(em: EntityManager, person: Person, { provider, authenticatedAt, proof, correlationId }: ProvenSignIn): Promise<string> {
    await this.audit.addOfPeople(em, person.workspaceId, { kind: 'signed-in', text: `${person.name} signed in with ${provider}${proofText(proof)}.`, personId: person.id, correlationId });
    return this.tickets.issue(em, { personId: person.id, connectionId: null, authenticatedAt, proof });
  }
}
