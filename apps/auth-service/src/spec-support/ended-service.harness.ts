import { subscribe } from 'node:diagnostics_channel';
import { flushCompileCache } from 'node:module';
import { runService } from '@tributary/service-kit';
import { z } from 'zod';
import { AuthModule } from '../auth.module.ts';
import { forgetSecrets, readConfig } from '../config.ts';
import { RefreshProgress, type RefreshPoint } from '../grant/refresh-progress.ts';

// auth-service as a process that ends itself like a crash once refreshes have reached a point; started by tests in place of main.ts.

const RefreshPointName = z.enum(['before-intent', 'after-intent', 'after-send', 'after-response', 'after-escrow', 'before-commit', 'after-commit']);
type RefreshPointName = z.infer<typeof RefreshPointName>;

const EndAt = z.object({
  point: RefreshPointName,
  /** The process ends when so many refreshes have reached the point. */
  refreshes: z.number(),
  /** Milliseconds between that and the end, during which they go on; null holds them at the point and ends at once. */
  afterMs: z.number().nullable(),
  /** Before that, so many wait for each other at an earlier point. */
  gathering: z.object({ point: RefreshPointName, refreshes: z.number() }).optional(),
});
export type EndAt = z.infer<typeof EndAt>;

let end: EndAt | undefined;
let reached = 0;
let gathered: { missing: number; readonly all: PromiseWithResolvers<void> } | undefined;

process.on('message', (message) => {
  end = EndAt.parse(message);
  reached = 0;
  gathered = end.gathering === undefined ? undefined : { missing: end.gathering.refreshes, all: Promise.withResolvers() };
  process.send?.('armed');
});

async function arrive(point: RefreshPointName): Promise<void> {
  if (gathered !== undefined && end?.gathering?.point === point) {
    gathered.missing -= 1;
    if (gathered.missing === 0) gathered.all.resolve();
    return gathered.all.promise;
  }
  if (end?.point !== point) return;
  reached += 1;
  if (reached === end.refreshes) setTimeout(() => process.kill(process.pid, 'SIGKILL'), end?.afterMs ?? 0);
  return end.afterMs === null ? Promise.withResolvers<void>().promise : undefined;
}

/** The request has left this process whole; Salesforce has not answered. */
subscribe('undici:request:bodySent', (message) => {
  const { request } = z.object({ request: z.object({ path: z.string() }) }).parse(message);
  if (request.path === '/services/oauth2/token') void arrive('after-send');
});

const progress: RefreshProgress = { reached: (point: RefreshPoint) => arrive(point) };

await runService(async () => {
  const config = await readConfig(process.env);
  forgetSecrets(process.env);
  const { providers = [], ...module } = await AuthModule.for(config);
  return { name: 'auth-service', module: { ...module, providers: [...providers, { provide: RefreshProgress, useValue: progress }] }, host: config.host, port: config.port, logLevel: config.logLevel };
});
// What the first process has compiled serves those after it, although it will not end in order.
flushCompileCache();
