import { createHash, randomBytes } from 'node:crypto';
import { EntityManager } from '@mikro-orm/postgresql';
import { Inject, Injectable } from '@nestjs/common';
import { redeemSignIn } from '@tributary/api-contracts';
import { RequestClient } from '@tributary/messaging';
import { CLOCK, type Clock } from '@tributary/service-kit';
import { SessionTable, type Session } from './session.entity.ts';

const idleMs = 30 * 60_000;
const absoluteMs = 12 * 60 * 60_000;
const freshMs = 10 * 60_000;
/** A session is touched at most this often, so that reading does not mean writing. */
const touchEveryMs = 30_000;

/** Browser sessions: 30 minutes without use, 12 hours at most. */
@Injectable()
export class Sessions {
  constructor(
    private readonly em: EntityManager,
    private readonly requests: RequestClient,
    @Inject(CLOCK) private readonly now: Clock,
  ) {}

  /** The living session of an id; using it prolongs it. */
  async find(id: string | undefined): Promise<Session | undefined> {
    if (id === undefined) return undefined;
    const em = this.em.fork();
    const session = await em.findOne(SessionTable, { idHash: hash(id) });
    if (session === null) return undefined;
    const now = this.now();
    if (sessionEnd(session) <= now) {
      await em.nativeDelete(SessionTable, { idHash: session.idHash });
      return undefined;
    }
    if (now.getTime() - session.lastSeenAt.getTime() > touchEveryMs) {
      session.lastSeenAt = now;
      await em.nativeUpdate(SessionTable, { idHash: session.idHash }, { lastSeenAt: now });
    }
    return session;
  }

  /**
   * Opens a session for the person of a sign-in ticket; the present session, if any, ends.
   * @returns the new session id, 256 random bits
   * @throws Unauthenticated `TICKET_INVALID`
   */
  async open(ticket: string, present: Session | undefined): Promise<string> {
    const person = await this.requests.ask(redeemSignIn, { ticket });
    const id = randomBytes(32).toString('base64url');
    const now = this.now();
    await this.em.fork().transactional(async (em) => {
      if (present !== undefined) await em.nativeDelete(SessionTable, { idHash: present.idHash });
      await em.nativeDelete(SessionTable, { lastSeenAt: { $lt: new Date(now.getTime() - idleMs) } });
      em.create(SessionTable, { idHash: hash(id), personId: person.personId, workspaceId: person.workspaceId, workspaceName: person.workspaceName, name: person.name, email: person.email, role: person.role, authenticatedAt: new Date(person.authenticatedAt), openedAt: now, lastSeenAt: now });
    });
    return id;
  }

  /** Ends a session. */
  async end(id: string | undefined): Promise<void> {
    if (id !== undefined) await this.em.fork().nativeDelete(SessionTable, { idHash: hash(id) });
  }
}

/** Until when what needs a fresh sign-in is allowed. */
export function freshUntil({ authenticatedAt }: Pick<Session, 'authenticatedAt'>): Date {
  return new Date(authenticatedAt.getTime() + freshMs);
}

/** When a session ends if nothing more happens. */
export function sessionEnd({ openedAt, lastSeenAt }: Pick<Session, 'openedAt' | 'lastSeenAt'>): Date {
  return new Date(Math.min(openedAt.getTime() + absoluteMs, lastSeenAt.getTime() + idleMs));
}

function hash(id: string): string {
  return createHash('sha256').update(id).digest('base64url');
}
