import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { NestExpressApplication } from '@nestjs/platform-express';
import { ConfigurationError } from '@tributary/service-kit';
import express, { type NextFunction, type Request, type Response } from 'express';
import type { GatewayConfig } from '../config.ts';
import { nonceOf } from '../security/security-headers.ts';

/** What the build of the portal has where the nonce of the page belongs. */
const noncePlace = '__NONCE__';

/** First parts of paths that belong to services, never to the portal. */
const servicePath = /^\/(api|health)(\/|$)/;

/**
 * Serves the built portal: hashed files for ever, and its one page for every path that is no file and no service's.
 * @throws ConfigurationError when the portal was not built
 */
export function servePortal(app: NestExpressApplication, { portalFolder }: Pick<GatewayConfig, 'portalFolder'>): void {
  const page = readPage(portalFolder);
  app.use('/assets', express.static(join(portalFolder, 'assets'), { immutable: true, maxAge: '365d', index: false, fallthrough: false }));
  app.use(express.static(portalFolder, { index: false, cacheControl: false }));
  app.use((request: Request, response: Response, next: NextFunction): void => {
    if ((request.method !== 'GET' && request.method !== 'HEAD') || servicePath.test(request.path)) return next();
    response.type('html').send(page.replaceAll(noncePlace, nonceOf(response)));
  });
}

function readPage(folder: string): string {
  try {
    return readFileSync(join(folder, 'index.html'), 'utf8');
  } catch (cause) {
    throw new ConfigurationError('The configuration is wrong. TRIBUTARY_PORTAL_DIR: there is no built portal in this folder.', { cause });
  }
}
