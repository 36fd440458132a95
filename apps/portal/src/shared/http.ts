import type { z } from 'zod';
import { ApiProblem, problemOfAnswer } from './problem.ts';

export interface Call<Schema extends z.ZodType> {
  readonly method?: 'GET' | 'POST' | 'PUT' | 'DELETE';
  readonly body?: unknown;
  readonly answer: Schema;
  readonly signal?: AbortSignal | undefined;
}

/** One call. Throws `ApiProblem` and nothing else, except when its signal was aborted. */
export async function call<Schema extends z.ZodType>(address: string, { method = 'GET', body, answer, signal }: Call<Schema>): Promise<z.output<Schema>> {
  const response = await reach(address, {
    method,
    headers: { Accept: 'application/json', ...(body === undefined ? {} : { 'Content-Type': 'application/json' }) },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    ...(signal === undefined ? {} : { signal }),
  });
  const received = await bodyOf(response);
  const correlationId = response.headers.get('x-tributary-correlation-id');
  if (!response.ok) throw problemOfAnswer(response.status, received, correlationId);
  const parsed = answer.safeParse(received);
  if (!parsed.success) throw new ApiProblem(response.status, 'ANSWER_INVALID', '', undefined, correlationId ?? undefined, { cause: parsed.error });
  return parsed.data;
}

async function reach(address: string, init: RequestInit): Promise<Response> {
  try {
    return await fetch(address, init);
  } catch (cause) {
    if (init.signal?.aborted) throw cause;
    throw new ApiProblem(0, navigator.onLine ? 'SERVER_UNREACHABLE' : 'OFFLINE', '', undefined, undefined, { cause });
  }
}

async function bodyOf(response: Response): Promise<unknown> {
  const text = await response.text();
  if (text === '') return undefined;
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

/** A path whose inserted parts are encoded. */
export function path(parts: TemplateStringsArray, ...values: readonly string[]): string {
  return String.raw({ raw: parts }, ...values.map(encodeURIComponent));
}

/** The query of what is given; empty when nothing is. */
export function search(query: Readonly<Record<string, string | number | undefined>>): string {
  const given = new URLSearchParams();
  for (const [name, value] of Object.entries(query)) if (value !== undefined) given.set(name, String(value));
  return given.size === 0 ? '' : `?${given}`;
}
