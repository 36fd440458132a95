import { Injectable, type OnApplicationShutdown } from '@nestjs/common';
import { listConnections, type LiveMessage } from '@tributary/api-contracts';
import { PersonId } from '@tributary/event-contracts';
import { LiveSubscriber, RequestClient } from '@tributary/messaging';
import type { Response } from 'express';
import type { Session } from '../session/session.entity.ts';
import { Sessions } from '../session/sessions.ts';

const keepAliveMs = 20_000;
/** A session that was ended, anywhere, hears nothing more after this time at the latest. */
const lookEveryMs = 250;
/** A reader slower than this many waiting bytes is let go; it reads the state again when it returns. */
const maxWaitingBytes = 1024 * 1024;

/** Open event streams of browsers; each gets the messages of its person's connections. */
@Injectable()
export class LiveStreams implements OnApplicationShutdown {
  readonly #open = new Map<Response, string>();
  #look: NodeJS.Timeout | undefined;

  constructor(
    private readonly live: LiveSubscriber,
    private readonly requests: RequestClient,
    private readonly sessions: Sessions,
  ) {}

  /** Serves one stream until the browser leaves or its session ends. */
  async serve({ idHash, personId: id }: Session, response: Response): Promise<void> {
    const personId = PersonId.parse(id);
    let mine = await this.#connectionsOf(personId);
    response.writeHead(200, { 'Content-Type': 'text/event-stream; charset=utf-8', 'Cache-Control': 'no-store', 'X-Accel-Buffering': 'no' });
    response.write('retry: 2000\n: connected\n\n');
    this.#open.set(response, idHash);
    this.#look ??= setInterval(() => void this.#endDead(), lookEveryMs);
    const refresh = async (message: LiveMessage): Promise<void> => {
      const wasMine = mine.has(message.connectionId);
      // A change may be that it is shared no more, or gone: that is still told, and nothing after it.
      if (message.type === 'connection.changed' || !wasMine) mine = await this.#connectionsOf(personId).catch(() => mine);
      if (mine.has(message.connectionId) || (wasMine && message.type === 'connection.changed')) send(response, message);
    };
    const stop = this.live.on((message) => void refresh(message));
    const keepAlive = setInterval(() => response.write(': still here\n\n'), keepAliveMs);
    response.on('close', () => {
      stop();
      clearInterval(keepAlive);
      this.#open.delete(response);
      if (this.#open.size > 0) return;
      clearInterval(this.#look);
      this.#look = undefined;
    });
  }

  onApplicationShutdown(): void {
    clearInterval(this.#look);
    for (const response of this.#open.keys()) response.end();
  }

  /** One look for all streams. A database that is away for a moment ends none of them. */
  async #endDead(): Promise<void> {
    const living = await this.sessions.living([...new Set(this.#open.values())]).catch(() => undefined);
    if (living !== undefined) for (const [response, idHash] of this.#open) if (!living.has(idHash)) response.end();
  }

  async #connectionsOf(personId: PersonId): Promise<ReadonlySet<string>> {
    const { connections } = await this.requests.ask(listConnections, { personId });
    return new Set(connections.map(({ id }) => id));
  }
}

function send(response: Response, message: LiveMessage): void {
  if (response.writableLength > maxWaitingBytes) {
    response.end();
    return;
  }
  response.write(`event: ${message.type}\ndata: ${JSON.stringify(message)}\n\n`);
}
