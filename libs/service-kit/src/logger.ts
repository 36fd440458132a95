import type { LoggerService } from '@nestjs/common';
import { Failure } from '@tributary/failures';
import { pino, type Logger as PinoLogger } from 'pino';

/** Shapes of Salesforce tokens and of signed or encrypted tokens, wherever they stand in a text. */
const tokenShapes = /00D[a-zA-Z0-9]{12,15}![\w.]+|\b5Aep[\w.]{10,}|\beyJ[\w-]{8,}\.[\w-]+(?:\.[\w-]*){0,3}|(?<=[?&](?:code|state|token|access_token|refresh_token|client_secret|assertion)=)[^&\s"]+/g;

/** A text without anything that looks like a token. */
export function redact(text: string): string {
  return text.replace(tokenShapes, '[secret]');
}

function describe(error: Error): Record<string, unknown> {
  return {
    type: error.name,
    message: redact(error.message),
    ...(error instanceof Failure ? { code: error.code, details: error.details } : {}),
    stack: redact(error.stack ?? ''),
    ...(error.cause instanceof Error ? { cause: describe(error.cause) } : {}),
  };
}

/** Nest's logger as JSON lines with redaction; the last parameter is the context, as Nest passes it. */
export class JsonLogger implements LoggerService {
  readonly #pino: PinoLogger;

  constructor(service: string, level: string) {
    this.#pino = pino({ level, base: { service }, timestamp: pino.stdTimeFunctions.isoTime, formatters: { level: (label) => ({ level: label }) } });
  }

  log(message: unknown, ...rest: unknown[]): void {
    this.#write('info', message, rest);
  }
  error(message: unknown, ...rest: unknown[]): void {
    this.#write('error', message, rest);
  }
  warn(message: unknown, ...rest: unknown[]): void {
    this.#write('warn', message, rest);
  }
  debug(message: unknown, ...rest: unknown[]): void {
    this.#write('debug', message, rest);
  }
  verbose(message: unknown, ...rest: unknown[]): void {
    this.#write('trace', message, rest);
  }
  fatal(message: unknown, ...rest: unknown[]): void {
    this.#write('fatal', message, rest);
  }

  #write(level: 'fatal' | 'error' | 'warn' | 'info' | 'debug' | 'trace', message: unknown, rest: unknown[]): void {
    const context = typeof rest.at(-1) === 'string' ? (rest.at(-1) as string) : undefined;
    const error = [message, ...rest].find((part): part is Error => part instanceof Error);
    const text = message instanceof Error ? message.message : typeof message === 'string' ? message : JSON.stringify(message);
    this.#pino[level]({ ...(context ? { context } : {}), ...(error ? { error: describe(error) } : {}) }, redact(text ?? ''));
  }
}
