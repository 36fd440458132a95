import { Forbidden, InvalidInput } from '@tributary/failures';
import type { NextFunction, Request, Response } from 'express';
import type { GatewayConfig } from '../config.ts';

const reading = new Set(['GET', 'HEAD', 'OPTIONS']);

/**
 * Refuses changing requests that a browser sends from another site. Browsers cannot leave out or forge `Sec-Fetch-Site`
 * and `Origin`; a client that sends neither is no browser and holds no ambient cookie of a victim.
 */
export function refuseCrossSite(config: Pick<GatewayConfig, 'publicOrigin'>) {
  return (request: Request, _response: Response, next: NextFunction): void => {
    if (reading.has(request.method)) return next();
    const site = request.headers['sec-fetch-site'];
    if (site !== undefined && site !== 'same-origin' && site !== 'none') return next(crossSite());
    const origin = request.headers.origin;
    if (origin !== undefined && origin !== config.publicOrigin && !isOwnOrigin(origin, request)) return next(crossSite());
    if (hasBody(request) && !/^application\/(problem\+)?json\b/i.test(request.headers['content-type'] ?? '')) {
      return next(new InvalidInput('CONTENT_TYPE_INVALID', 'Send JSON with Content-Type: application/json.'));
    }
    next();
  };
}

/** The same server reached by another of its names, such as 127.0.0.1 instead of localhost. */
function isOwnOrigin(origin: string, request: Request): boolean {
  return request.headers.host !== undefined && origin === `${request.protocol}://${request.headers.host}`;
}

function hasBody(request: Request): boolean {
  return request.headers['transfer-encoding'] !== undefined || Number(request.headers['content-length'] ?? 0) > 0;
}

function crossSite(): Forbidden {
  return new Forbidden('CROSS_SITE_REQUEST', 'This request came from another site.', { action: 'Use the portal itself.' });
}
