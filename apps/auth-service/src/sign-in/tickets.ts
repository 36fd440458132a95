import { createHash, randomBytes } from 'node:crypto';
import { EntityManager } from '@mikro-orm/postgresql';
import { Inject, Injectable } from '@nestjs/common';
import { untoldProof, type SignedInPerson, type SignInProof } from '@tributary/api-contracts';
import { ConnectionId, PersonId, WorkspaceId } from '@tributary/event-contracts';
import { Unauthenticated } from '@tributary/failures';
import { CLOCK, type Clock } from '@tributary/service-kit';
import { PersonTable, WorkspaceTable } from '../person/person.entity.ts';
import { TicketTable } from './ticket.entity.ts';

const lifeMs = 60_000;

/** A sign-in that has succeeded. */
export interface SignIn {
  readonly personId: string;
  /** Null after a sign-in without a connection. */
  readonly connectionId: string | null;
  /** When the person last proved who they are. */
  readonly authenticatedAt: Date;
  /** How, as far as the provider told. */
  readonly proof?: SignInProof | undefined;
}

/** One-time tickets by which a finished consent becomes a session at the gateway: 60 seconds, single use, stored hashed. */
@Injectable()
export class Tickets {
  constructor(
    private readonly em: EntityManager,
    @Inject(CLOCK) private readonly now: Clock,
  ) {}

  /** @returns 256 random bits */
  async issue(em: EntityManager, { personId, connectionId, authenticatedAt, proof = untoldProof }: SignIn): Promise<string> {
    const ticket = randomBytes(32).toString('base64url');
    await em.insert(TicketTable, { ticketHash: hash(ticket), personId, connectionId, authenticatedAt, proof, expiresAt: new Date(this.now().getTime() + lifeMs) });
    return ticket;
  }

  /** @throws Unauthenticated `TICKET_INVALID` */
  async redeem(ticket: string): Promise<SignedInPerson> {
    return this.em.fork().transactional(async (em) => {
      const found = await em.findOne(TicketTable, { ticketHash: hash(ticket) });
      // The delete decides between two that redeem at once.
      if (found === null || (await em.nativeDelete(TicketTable, { ticketHash: found.ticketHash })) === 0 || found.expiresAt <= this.now()) {
        throw new Unauthenticated('TICKET_INVALID', 'This sign-in has expired or was used already.', { action: 'Sign in again.' });
      }
      const person = await em.findOneOrFail(PersonTable, { id: found.personId });
      const workspace = await em.findOneOrFail(WorkspaceTable, { id: person.workspaceId });
      return {
        personId: PersonId.parse(person.id), workspaceId: WorkspaceId.parse(workspace.id), workspaceName: workspace.name,
        name: person.name, email: person.email ?? null, role: person.role, authenticatedAt: found.authenticatedAt.toISOString(), proof: found.proof, connectionId: found.connectionId === null || found.connectionId === undefined ? null : ConnectionId.parse(found.connectionId),
      };
    });
  }

  async forgetExpired(): Promise<void> {
    await this.em.fork().nativeDelete(TicketTable, { expiresAt: { $lt: this.now() } });
  }
}

function hash(ticket: string): string {
  return createHash('sha256').update(ticket).digest('base64url');
}
