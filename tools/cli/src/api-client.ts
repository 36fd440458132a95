import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { CommandFailure } from './command-failure.ts';
import type { Product } from './find-product.ts';
import { operate } from './operator.ts';

const Problem = z.object({ code: z.string(), detail: z.string().optional(), title: z.string().optional(), action: z.string().nullish() });
const Kept = z.record(z.string(), z.string());
const SignedIn = z.object({ ticket: z.string(), name: z.string() });

type Method = 'GET' | 'POST' | 'PUT' | 'DELETE';

/** The HTTP interface of the product, as the operator or as somebody the operator names. */
export class ApiClient {
  private readonly product: Product;
  private readonly as: string | undefined;
  readonly #key: string;
  readonly #file: string;

  constructor(product: Product, as: string | undefined) {
    this.product = product;
    this.as = as;
    this.#key = `${product.url} ${as ?? ''}`;
    this.#file = join(product.dataDir, 'cli-sessions.json');
  }

  /** @throws CommandFailure with the problem's own sentence */
  async ask<T>(method: Method, path: string, schema: z.ZodType<T>, body?: unknown): Promise<T> {
    const answer = await this.#send(method, path, body, this.#session() ?? (await this.#signIn()));
    // A session that has ended, or is not fresh enough, is renewed once: the socket is proof each time.
    const answered = (await isStale(answer)) ? await this.#send(method, path, body, await this.#signIn()) : answer;
    if (answered.ok) return schema.parse(answered.status === 204 ? {} : await answered.json());
    throw await failureOf(answered);
  }

  async #send(method: Method, path: string, body: unknown, cookie: string): Promise<Response> {
    try {
      return await fetch(this.product.url + path, { method, headers: { cookie, accept: 'application/json', ...(body === undefined ? {} : { 'content-type': 'application/json' }) }, ...(body === undefined ? {} : { body: JSON.stringify(body) }) });
    } catch {
      throw new CommandFailure(`Tributary does not answer at ${this.product.url}.`, 'unreachable', 'PRODUCT_UNREACHABLE');
    }
  }

  async #signIn(): Promise<string> {
    const { ticket } = await operate(this.product.dataDir, 'sign-in', this.as === undefined ? {} : { as: this.as }, SignedIn);
    const answer = await this.#send('POST', '/api/session', { ticket }, '');
    const cookie = answer.headers.getSetCookie()[0]?.split(';')[0];
    if (!answer.ok || cookie === undefined) throw await failureOf(answer);
    writeFileSync(this.#file, JSON.stringify({ ...this.#kept(), [this.#key]: cookie }), { mode: 0o600 });
    return cookie;
  }

  #session(): string | undefined {
    return this.#kept()[this.#key];
  }

  #kept(): Record<string, string> {
    try {
      return Kept.parse(JSON.parse(readFileSync(this.#file, 'utf8')));
    } catch {
      return {};
    }
  }
}

async function isStale(answer: Response): Promise<boolean> {
  if (answer.status === 401) return true;
  return answer.status === 403 && Problem.safeParse(await answer.clone().json().catch(() => undefined)).data?.code === 'FRESH_SIGN_IN_NEEDED';
}

async function failureOf(answer: Response): Promise<CommandFailure> {
  const problem = Problem.safeParse(await answer.json().catch(() => undefined)).data;
  return new CommandFailure([problem?.detail ?? problem?.title ?? `Tributary answered with status ${answer.status}.`, problem?.action].filter(Boolean).join(' '), answer.status >= 500 ? 'unreachable' : 'failed', problem?.code ?? `HTTP_${answer.status}`);
}
