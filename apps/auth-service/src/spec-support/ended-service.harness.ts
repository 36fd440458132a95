import { subscribe } from 'node:diagnostics_channel';
import { runService } from '@tributary/service-kit';
import { z } from 'zod';
import { AuthModule } from '../auth.module.ts';
import { forgetSecrets, readConfig } from '../config.ts';
import { RefreshProgress, type RefreshPoint } from '../grant/refresh-progress.ts';

// auth-service as a process that ends itself like a crash once refreshes have reached a point; started by tests in place of main.ts.

const EndAt = z.object({
  point: z.enum(['before-intent', 'after-intent', 'after-send', 'after-response', 'after-escrow', 'before-commit', 'after-commit']),
  /** The process ends when so many refreshes have reached the point. */
  refreshes: z.number(),
  /** Milliseconds between that and the end, during which they go on; null holds them at the point and ends at once. */
  afterMs: z.number().nullable(),
});
export type EndAt = z.infer<typeof EndAt>;

let end: EndAt | undefined;
let reached = 0;

process.on('message', (message) => {
  end = EndAt.parse(message);
  reached = 0;
  process.send?.('armed');
});

function arrive(point: EndAt['point']): 'hold' | 'go-on' {
  if (end?.point !== point) return 'go-on';
  reached += 1;
  if (reached === end.refreshes) setTimeout(() => process.kill(process.pid, 'SIGKILL'), end.afterMs ?? 0);
  return end.afterMs === null ? 'hold' : 'go-on';
}

/** The request has left this process whole; Salesforce has not answered. */
subscribe('undici:request:bodySent', (message) => {
  const { request } = z.object({ request: z.object({ path: z.string() }) }).parse(message);
  if (request.path === '/services/oauth2/token') arrive('after-send');
});

const progress: RefreshProgress = {
  reached: (point: RefreshPoint) => (arrive(point) === 'hold' ? Promise.withResolvers<void>().promise : Promise.resolve()),
};

await runService(async () => {
  const config = await readConfig(process.env);
  forgetSecrets(process.env);
  const { providers = [], ...module } = await AuthModule.for(config);
  return { name: 'auth-service', module: { ...module, providers: [...providers, { provide: RefreshProgress, useValue: progress }] }, host: config.host, port: config.port, logLevel: config.logLevel };
});
