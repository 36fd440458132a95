import { randomBytes } from 'node:crypto';
import type { NextFunction, Request, Response } from 'express';
import helmet from 'helmet';
import type { GatewayConfig } from '../config.ts';
import { reportPath } from './violation-report.ts';

/** Nonce of the page being answered, for its script elements. */
export function nonceOf(response: Response): string {
  return String(response.locals['nonce']);
}

/** Security headers of every answer; what the API answers is never stored by a cache. */
export function securityHeaders(config: Pick<GatewayConfig, 'publicOrigin' | 'loginUrl'>) {
  const secure = config.publicOrigin.startsWith('https:');
  const headers = helmet({
    contentSecurityPolicy: {
      useDefaults: false,
      directives: {
        defaultSrc: ["'none'"],
        // `'self'` is for browsers that do not know `'strict-dynamic'`, which lets scripts of the nonce load their chunks, and nothing else.
        scriptSrc: ["'self'", "'strict-dynamic'", (_request, response) => `'nonce-${nonceOf(response as Response)}'`],
        styleSrc: ["'self'", "'unsafe-inline'"],
        imgSrc: ["'self'", 'data:'],
        fontSrc: ["'self'", 'data:'],
        connectSrc: ["'self'"],
        manifestSrc: ["'self'"],
        objectSrc: ["'none'"],
        baseUri: ["'none'"],
        frameAncestors: ["'none'"],
        formAction: ["'self'", config.loginUrl],
        requireTrustedTypesFor: ["'script'"],
        // Vue's own policy, and the portal's for libraries that write text where markup could stand (trusted-html.ts).
        trustedTypes: ['vue', 'default'],
        reportUri: [reportPath],
        // Where there is a `report-to`, browsers leave `report-uri` alone; without TLS they would report nowhere then.
        ...(secure ? { reportTo: 'violations', upgradeInsecureRequests: [] } : {}),
      },
    },
    strictTransportSecurity: secure ? { maxAge: 63_072_000, includeSubDomains: true } : false,
    referrerPolicy: { policy: 'no-referrer' },
    crossOriginOpenerPolicy: { policy: 'same-origin' },
    crossOriginResourcePolicy: { policy: 'same-origin' },
    xFrameOptions: { action: 'deny' },
  });
  return (request: Request, response: Response, next: NextFunction): void => {
    response.locals['nonce'] = randomBytes(16).toString('base64');
    if (secure) response.setHeader('Reporting-Endpoints', `violations="${reportPath}"`);
    response.setHeader('Permissions-Policy', 'camera=(), microphone=(), geolocation=(), payment=(), usb=()');
    if (!request.path.startsWith('/assets/')) response.setHeader('Cache-Control', 'no-store');
    headers(request, response, next);
  };
}
