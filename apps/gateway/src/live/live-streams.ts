import { Injectable, type OnApplicationShutdown } from '@nestjs/common';
import { listConnections, type LiveMessage } from '@tributary/api-contracts';
import { PersonId } from '@tributary/event-contracts';
import { LiveSubscriber, RequestClient } from '@tributary/messaging';
import type { Response } from 'express';

const keepAliveMs = 20_000;
/** A reader slower than this many waiting bytes is let go; it reads the state again when it returns. */
const maxWaitingBytes = 1024 * 1024;

/** Open event streams of browsers; each gets the messages of its person's connections. */
@Injectable()
export class LiveStreams implements OnApplicationShutdown {
  readonly #open = new Set<Response>();

  constructor(
    private readonly live: LiveSubscriber,
    private readonly requests: RequestClient,
  ) {}

  /** Serves one stream until the browser leaves. */
  async serve(personId: PersonId, response: Response): Promise<void> {
    let mine = await this.#connectionsOf(personId);
    response.writeHead(200, { 'Content-Type': 'text/event-stream; charset=utf-8', 'Cache-Control': 'no-store', 'X-Accel-Buffering': 'no' });
    response.write('retry: 2000\n: connected\n\n');
    this.#open.add(response);
    const refresh = async (message: LiveMessage): Promise<void> => {
      if (!mine.has(message.connectionId)) mine = await this.#connectionsOf(personId).catch(() => mine);
      if (mine.has(message.connectionId)) send(response, message);
    };
    const stop = this.live.on((message) => void refresh(message));
    const keepAlive = setInterval(() => response.write(': still here\n\n'), keepAliveMs);
    response.on('close', () => {
      stop();
      clearInterval(keepAlive);
      this.#open.delete(response);
    });
  }

  onApplicationShutdown(): void {
    for (const response of this.#open) response.end();
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
