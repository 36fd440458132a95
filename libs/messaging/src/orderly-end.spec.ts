import { Controller, Module } from '@nestjs/common';
import { connect } from '@nats-io/transport-node';
import { getSyncRun } from '@tributary/api-contracts';
import { NotFound } from '@tributary/failures';
import { PersistenceModule } from '@tributary/persistence';
import { ServiceKitModule, startService } from '@tributary/service-kit';
import { aServiceEnvironment, type ServiceEnvironment } from '@tributary/testing';
import type { NestExpressApplication } from '@nestjs/platform-express';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { MessagingModule, OnRequest } from './index.ts';

/** Answers as soon as it is asked. */
@Controller()
class Answerer {
  @OnRequest(getSyncRun)
  async run(): Promise<never> {
    throw new NotFound('SYNC_RUN_NOT_FOUND', 'There is no such run.', { action: 'Start one.' });
  }
}

const burst = 3_000;
const question = JSON.stringify({ personId: '0199aa00-0000-7000-8000-000000000001', connectionId: '0199aa00-0000-7000-8000-000000000002', runId: '0199aa00-0000-7000-8000-000000000003' });

let environment: ServiceEnvironment;
let staying: NestExpressApplication;
let ending: NestExpressApplication;

async function aService(): Promise<NestExpressApplication> {
  @Module({
    imports: [
      ServiceKitModule.forService(),
      await PersistenceModule.forService({ schema: 'ingest', url: environment.databaseUrl('ingest'), entities: [], migrations: [] }),
      MessagingModule.forService({ service: 'ingest', natsUrl: environment.natsUrl('ingest') }),
    ],
    controllers: [Answerer],
  })
  class ServiceModule {}
  const { app } = await startService({ name: 'ingest', module: ServiceModule, host: '127.0.0.1', port: 0, logLevel: 'fatal' });
  return app;
}

beforeAll(async () => {
  environment = await aServiceEnvironment();
  staying = await aService();
  ending = await aService();
});

afterAll(async () => {
  await staying?.close();
  await environment?.stop();
});

it('ends one of two processes without leaving a request that was handed to it unanswered', async () => {
  const bus = await connect({ servers: `127.0.0.1:${environment.nats.port}`, user: 'gateway', pass: 'gateway', inboxPrefix: '_INBOX_gateway' });
  const answered = Array.from({ length: burst }, async () => (await bus.request(getSyncRun.subject, question, { timeout: 15_000 })).string());
  const closed = ending.close();
  const outcomes = await Promise.allSettled(answered);
  await closed;
  await bus.close();
  expect(outcomes.filter(({ status }) => status === 'rejected')).toHaveLength(0);
});
