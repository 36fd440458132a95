import type { Server } from 'node:http';
import type { Socket } from 'node:net';
import { Injectable, type BeforeApplicationShutdown, type OnApplicationBootstrap } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';

/** Milliseconds a request that is going on may take at the end. */
const longestAnswerMs = 10_000;

/** Lets the HTTP server end: it would wait for ever for a connection on which nobody has asked anything yet. */
@Injectable()
export class HttpDrain implements OnApplicationBootstrap, BeforeApplicationShutdown {
  readonly #silent = new Set<Socket>();
  #ending = false;

  constructor(private readonly host: HttpAdapterHost) {}

  onApplicationBootstrap(): void {
    this.#server?.on('connection', (socket: Socket) => {
      if (this.#ending) return void socket.destroy();
      this.#silent.add(socket);
      socket.once('close', () => this.#silent.delete(socket));
    });
    this.#server?.on('request', ({ socket }) => this.#silent.delete(socket));
  }

  beforeApplicationShutdown(): void {
    this.#ending = true;
    for (const socket of this.#silent) socket.destroy();
    setTimeout(() => this.#server?.closeAllConnections(), longestAnswerMs).unref();
  }

  /** None in an application that only has providers, such as a command. */
  get #server(): Server | undefined {
    const adapter = this.host.httpAdapter as HttpAdapterHost['httpAdapter'] | null;
    return adapter?.getHttpServer() as Server | undefined;
  }
}
