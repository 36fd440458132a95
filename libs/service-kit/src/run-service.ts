import 'reflect-metadata';
import { NestFactory } from '@nestjs/core';
import type { CustomTransportStrategy } from '@nestjs/microservices';
import type { NestExpressApplication } from '@nestjs/platform-express';
import { FailureFilter } from './failure.filter.ts';
import { JsonLogger } from './logger.ts';

/** Injection token under which a service's module offers its bus transport. */
export const BUS_TRANSPORT = Symbol('BUS_TRANSPORT');

export interface ServiceOptions {
  readonly name: string;
  /** A Nest module class or dynamic module. */
  readonly module: Parameters<typeof NestFactory.create>[0];
  readonly host: string;
  /** 0 picks a free port. */
  readonly port: number;
  readonly logLevel: string;
  /** Middleware and settings before the service listens. */
  readonly configure?: (app: NestExpressApplication) => void | Promise<void>;
}

/**
 * Builds and starts a service: filters, bus transport, HTTP, orderly shutdown on SIGTERM and SIGINT.
 * @returns the application and the port it listens on
 */
export async function startService(options: ServiceOptions): Promise<{ app: NestExpressApplication; port: number }> {
  const logger = new JsonLogger(options.name, options.logLevel);
  const app = await NestFactory.create<NestExpressApplication>(options.module, { logger, abortOnError: false, bodyParser: true });
  app.disable('x-powered-by');
  app.useGlobalFilters(new FailureFilter());
  await options.configure?.(app);
  const transport = app.get<CustomTransportStrategy | undefined>(BUS_TRANSPORT, { strict: false });
  app.connectMicroservice({ strategy: transport }, { inheritAppConfig: true });
  app.enableShutdownHooks(['SIGTERM', 'SIGINT']);
  await app.startAllMicroservices();
  await app.listen(options.port, options.host);
  const address = app.getHttpServer().address();
  const port = typeof address === 'object' && address !== null ? address.port : options.port;
  logger.log(`ready on port ${port}`);
  return { app, port };
}

/** `startService` for `main.ts`: a failed start is one logged line and exit code 1. */
export async function runService(read: () => ServiceOptions | Promise<ServiceOptions>): Promise<void> {
  try {
    await startService(await read());
  } catch (error) {
    new JsonLogger('start', 'info').fatal(error instanceof Error ? error : String(error));
    process.exit(1);
  }
}
