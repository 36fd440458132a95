import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { chmodSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { Inject, Injectable, Logger, type BeforeApplicationShutdown, type OnApplicationBootstrap } from '@nestjs/common';
import { InvalidInput, NotFound, toFailure } from '@tributary/failures';
import { z } from 'zod';
import { CONFIG, type AuthConfig } from '../config.ts';
import { isAnswered } from './is-answered.ts';
import { Operations } from './operations.ts';

const Body = z.strictObject({ as: z.string().min(1).max(200).optional(), confirm: z.string().max(100).optional(), privateKey: z.string().max(20_000).optional(), certificate: z.string().max(8_192).optional() });
const maxBytes = 32_768;
/** The longest path a socket may have. */
const maxPath = 107;

/**
 * What an operator does, over a socket in the data folder that only the account of this service can open: no network reaches it, no other
 * service can ask, and no second process ever holds the master key. See ADR 14.
 */
@Injectable()
export class OperatorSocket implements OnApplicationBootstrap, BeforeApplicationShutdown {
  readonly #log = new Logger('operation');
  readonly #path: string;
  #server: Server | undefined;

  constructor(
    private readonly operations: Operations,
    @Inject(CONFIG) { dataFolder }: Pick<AuthConfig, 'dataFolder'>,
  ) {
    this.#path = join(dataFolder, 'operate.sock');
  }

  async onApplicationBootstrap(): Promise<void> {
    if (Buffer.byteLength(this.#path) > maxPath) return this.#log.warn('the data folder has too long a path for the operator socket: the command line cannot be used');
    // Of several processes in one folder the first one answers; a socket nobody answers on is a left-over.
    if (await isAnswered(this.#path)) return;
    rmSync(this.#path, { force: true });
    const server = createServer((incoming, response) => void this.#answer(incoming, response));
    const before = process.umask(0o177);
    try {
      await new Promise<void>((resolve, reject) => server.once('error', reject).listen(this.#path, resolve));
      chmodSync(this.#path, 0o600);
      this.#server = server;
    } catch (error) {
      this.#log.warn(`the operator socket is not there: ${error instanceof Error ? error.message : 'unknown'}`);
    } finally {
      process.umask(before);
    }
  }

  async beforeApplicationShutdown(): Promise<void> {
    const server = this.#server;
    if (server === undefined) return;
    server.closeAllConnections();
    await new Promise<void>((resolve) => server.close(() => resolve()));
  }

  async #answer(incoming: IncomingMessage, response: ServerResponse): Promise<void> {
    try {
      const name = incoming.url?.slice(1) ?? '';
      if (incoming.method !== 'POST') throw new NotFound('OPERATION_UNKNOWN', 'Operations are asked for by POST.');
      send(response, 200, await this.operations.run(name, Body.parse(JSON.parse(await text(incoming)))));
    } catch (error) {
      const failure = error instanceof z.ZodError || error instanceof SyntaxError ? new InvalidInput('OPERATION_INVALID', 'The operation was not asked for in the right form.') : toFailure(error);
      send(response, failure.kind === 'not-found' ? 404 : failure.kind === 'defect' ? 500 : 400, { code: failure.code, detail: failure.message, action: failure.action ?? null });
    }
  }
}

async function text(incoming: IncomingMessage): Promise<string> {
  let body = '';
  for await (const chunk of incoming) {
    body += String(chunk);
    if (body.length > maxBytes) throw new InvalidInput('OPERATION_INVALID', 'The operation was not asked for in the right form.');
  }
  return body === '' ? '{}' : body;
}

function send(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
}
