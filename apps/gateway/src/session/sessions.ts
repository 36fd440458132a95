import { createHash, randomBytes, randomUUID } from 'node:crypto';
import { EntityManager } from '@mikro-orm/postgresql';
import { Inject, Injectable } from '@nestjs/common';
import { redeemSignIn, type Role } from '@tributary/api-contracts';
import { RequestClient } from '@tributary/messaging';
import { SqlPool } from '@tributary/persistence';
import { CLOCK, type Clock } from '@tributary/service-kit';
import { SessionTable, type Session } from './session.entity.ts';

const idleMs = 30 * 60_000;
const absoluteMs = 12 * 60 * 60_000;
const freshMs = 10 * 60_000;
/** A session is touched at most this often, so that reading does not mean writing. */
const touchEveryMs = 30_000;

/** Browser sessions: 30 minutes without use, 12 hours at most, and none older than the rights of its person. */
@Injectable()
export class Sessions {
  constructor(
    private readonly em: EntityManager,
    private readonly pool: SqlPool,
    private readonly requests: RequestClient,
    @Inject(CLOCK) private readonly now: Clock,
  ) {}

  /** The living session of an id; using it prolongs it. */
  async find(id: string | undefined): Promise<Session | undefined> {
    if (id === undefined) return undefined;
    const { rows: [session] } = await this.pool.query<Session>(livingSession, [hash(id)]);
    if (session === undefined) return undefined;
    const now = this.now();
    if (sessionEnd(session) <= now) {
      await this.pool.query('delete from session where id_hash = $1', [session.idHash]);
      return undefined;
    }
    if (now.getTime() - session.lastSeenAt.getTime() <= touchEveryMs) return session;
    await this.pool.query('update session set last_seen_at = $2 where id_hash = $1', [session.idHash, now]);
    return { ...session, lastSeenAt: now };
  }

  /** Which of some sessions still live; one look for all. */
  async living(idHashes: readonly string[]): Promise<ReadonlySet<string>> {
    const now = this.now().getTime();
    const { rows } = await this.pool.query<{ idHash: string }>(stillLiving, [idHashes, new Date(now - idleMs), new Date(now - absoluteMs)]);
    return new Set(rows.map(({ idHash }) => idHash));
  }

  /**
   * Opens a session for the person of a sign-in ticket; the present session, if any, ends.
   * @returns the new session id, 256 random bits
   * @throws Unauthenticated `TICKET_INVALID`
   */
  async open(ticket: string, present: Session | undefined, browser: string): Promise<string> {
    const { personId, workspaceId, workspaceName, name, email, role, authenticatedAt, proof } = await this.requests.ask(redeemSignIn, { ticket });
    const now = this.now();
    const facts = { publicId: randomUUID(), personId, workspaceId, workspaceName, name, email, role, authenticatedAt: new Date(authenticatedAt), proof, openedAt: now, browser };
    return this.em.fork().transactional(async (em) => {
      await em.nativeDelete(SessionTable, { lastSeenAt: { $lt: new Date(now.getTime() - idleMs) } });
      return this.#replace(em, present, facts);
    });
  }

  /** The same session under a new secret, with the rights its person has now; the old secret is dead at once. */
  async rotate(session: Session, role: Role): Promise<string> {
    const { idHash: _old, issuedAt: _before, lastSeenAt: _seen, ...facts } = session;
    return this.em.fork().transactional((em) => this.#replace(em, session, { ...facts, role }));
  }

  /** Ends a session. */
  async end(id: string | undefined): Promise<void> {
    if (id !== undefined) await this.pool.query('delete from session where id_hash = $1', [hash(id)]);
  }

  /** Ends every session of a person, those just being opened included. */
  async endAllOf(personId: string, workspaceId: string): Promise<void> {
    await this.pool.transaction(async (client) => {
      await client.query(`insert into session_floor (person_id, workspace_id, valid_from) values ($1, $2, $3)
        on conflict (person_id) do update set valid_from = excluded.valid_from`, [personId, workspaceId, this.now()]);
      await client.query('delete from session where person_id = $1', [personId]);
    });
  }

  async #replace(em: EntityManager, present: Session | undefined, facts: Omit<Session, 'idHash' | 'issuedAt' | 'lastSeenAt'>): Promise<string> {
    const id = randomBytes(32).toString('base64url');
    const now = this.now();
    if (present !== undefined) await em.nativeDelete(SessionTable, { idHash: present.idHash });
    await em.insert(SessionTable, { ...facts, idHash: hash(id), issuedAt: now, lastSeenAt: now });
    return id;
  }
}

const livingSession = `select id_hash as "idHash", public_id as "publicId", person_id as "personId", workspace_id as "workspaceId", workspace_name as "workspaceName", name, email, role,
    authenticated_at as "authenticatedAt", proof, opened_at as "openedAt", issued_at as "issuedAt", last_seen_at as "lastSeenAt", browser
  from session s where id_hash = $1 and not exists (select from session_floor f where f.person_id = s.person_id and f.valid_from > s.issued_at)`;

const stillLiving = `select id_hash as "idHash" from session s where id_hash = any($1) and last_seen_at > $2 and opened_at > $3
  and not exists (select from session_floor f where f.person_id = s.person_id and f.valid_from > s.issued_at)`;

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
