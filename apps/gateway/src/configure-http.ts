import type { NestExpressApplication } from '@nestjs/platform-express';
import { ConnectProxy } from './connect/connect-proxy.ts';
import type { GatewayConfig } from './config.ts';
import { servePortal } from './portal/serve-portal.ts';
import { refuseCrossSite } from './security/cross-site.ts';
import { securityHeaders } from './security/security-headers.ts';
import { reportPath } from './security/violation-report.ts';
import { ViolationReports } from './security/violation-reports.ts';

/** Middleware in the order a request meets it: headers, reports of browsers, cross-site refusal, `/connect/*` to auth-service, the API, the portal. */
export function configureHttp(app: NestExpressApplication, config: GatewayConfig): void {
  const connect = app.get(ConnectProxy);
  app.disable('etag');
  app.set('trust proxy', config.trustedProxies);
  app.useBodyParser('json', { limit: '256kb' });
  app.use(securityHeaders(config));
  app.use(reportPath, app.get(ViolationReports).middleware());
  app.use(refuseCrossSite(config));
  app.use('/connect/salesforce', connect.middleware());
  app.use('/connect/oidc', connect.middleware());
  servePortal(app, config);
}
