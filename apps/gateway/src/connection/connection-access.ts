import { Injectable } from '@nestjs/common';
import { getConnection, type ConnectionCore } from '@tributary/api-contracts';
import { ConnectionId, PersonId, WorkspaceId } from '@tributary/event-contracts';
import { Forbidden, NotFound, Unavailable } from '@tributary/failures';
import { RequestClient } from '@tributary/messaging';
import { RateLimits } from '../security/rate-limits.ts';
import type { Session } from '../session/session.entity.ts';

/** A connection as a request names it, and who asks for it by their session. */
export interface Named {
  readonly connectionId: ConnectionId;
  readonly personId: PersonId;
  readonly workspaceId: WorkspaceId;
}

/** How long a decision of auth-service stands while it is away itself: as long as nobody can have changed it there but just before. */
const rememberedMs = 10 * 60_000;
/** Decisions kept at most; the oldest go first. */
const mostRemembered = 10_000;

/** Lets a person reach only connections that are theirs or shared with them. */
@Injectable()
export class ConnectionAccess {
  /** Until when somebody may be taken to see a connection. */
  readonly #seen = new Map<string, number>();

  constructor(
    private readonly requests: RequestClient,
    private readonly limits: RateLimits,
  ) {}

  /** @throws NotFound `CONNECTION_NOT_FOUND` also for a connection of somebody else */
  async require(session: Session, id: string): Promise<Named & { readonly connection: ConnectionCore }> {
    const named = this.named(session, id);
    const { connectionId, personId } = named;
    const connection = await this.requests.ask(getConnection, { personId, connectionId });
    this.#remember(keyOf(named));
    await this.limits.countConnection(connectionId);
    return { ...named, connection };
  }

  /**
   * For reading what another service keeps while auth-service is away: who could see the connection minutes ago may, nobody else.
   * @returns with `away` what auth-service did not answer with
   * @throws as `require`
   */
  async requireOrRemembered(session: Session, id: string): Promise<Named & { readonly away: Unavailable | undefined }> {
    try {
      return { ...(await this.require(session, id)), away: undefined };
    } catch (failure) {
      const named = this.named(session, id);
      const until = this.#seen.get(keyOf(named));
      if (!(failure instanceof Unavailable) || until === undefined || until < performance.now()) throw failure;
      await this.limits.countConnection(named.connectionId);
      return { ...named, away: failure };
    }
  }

  /** Who may see the connection changes. */
  forget(connectionId: ConnectionId): void {
    for (const key of this.#seen.keys()) if (key.endsWith(connectionId)) this.#seen.delete(key);
  }

  #remember(key: string): void {
    this.#seen.delete(key);
    this.#seen.set(key, performance.now() + rememberedMs);
    const [oldest] = this.#seen.keys();
    if (this.#seen.size > mostRemembered && oldest !== undefined) this.#seen.delete(oldest);
  }

  /** Ids alone, for what auth-service itself decides about. @throws NotFound `CONNECTION_NOT_FOUND` for what is no id */
  named(session: Session, id: string): Named {
    const connectionId = ConnectionId.safeParse(id);
    if (!connectionId.success) throw new NotFound('CONNECTION_NOT_FOUND', 'There is no such connection.');
    return { connectionId: connectionId.data, personId: PersonId.parse(session.personId), workspaceId: WorkspaceId.parse(session.workspaceId) };
  }

  /** For starting work on what a person may see. @throws NotFound `CONNECTION_NOT_FOUND`; Forbidden `ROLE_INSUFFICIENT` */
  async requireWork(session: Session, id: string): ReturnType<ConnectionAccess['require']> {
    const reached = await this.require(session, id);
    if (session.role === 'viewer') throw new Forbidden('ROLE_INSUFFICIENT', 'Viewers read what is shared with them.', { action: 'Ask an owner of your workspace.' });
    return reached;
  }

  /** For changing a connection. @throws NotFound `CONNECTION_NOT_FOUND`; Forbidden `ROLE_INSUFFICIENT`, `NOT_YOUR_CONNECTION` */
  async requireOwn(session: Session, id: string): ReturnType<ConnectionAccess['require']> {
    const reached = await this.requireWork(session, id);
    if (!reached.connection.owner.isMe) throw new Forbidden('NOT_YOUR_CONNECTION', 'Only the person who consented changes this connection.', { action: `Ask ${reached.connection.owner.name}.` });
    return reached;
  }
}

function keyOf({ personId, connectionId }: Named): string {
  return `${personId} ${connectionId}`;
}
