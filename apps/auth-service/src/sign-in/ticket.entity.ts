import { defineEntity, p } from '@mikro-orm/postgresql';
import type { SignInProof } from '@tributary/api-contracts';

/** A finished sign-in waiting for the gateway; only the hash of the ticket is kept. */
export const TicketTable = defineEntity({
  name: 'SignInTicket',
  tableName: 'sign_in_ticket',
  properties: {
    ticketHash: p.string().primary(),
    personId: p.uuid(),
    /** Null after a sign-in without a connection. */
    connectionId: p.uuid().nullable(),
    authenticatedAt: p.datetime(),
    proof: p.json().$type<SignInProof>(),
    expiresAt: p.datetime(),
  },
});
