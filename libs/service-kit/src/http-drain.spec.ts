import { once } from 'node:events';
import { connect } from 'node:net';
import { Module } from '@nestjs/common';
import { Server } from '@nestjs/microservices';
import { expect, it } from 'vitest';
import { BUS_TRANSPORT, ServiceKitModule, startService } from './index.ts';

/** A bus without anything on it. */
class NoBus extends Server {
  listen(done: () => void): void {
    done();
  }
  close(): void {}
  on(): this {
    return this;
  }
  unwrap<T>(): T {
    throw new Error('there is no bus');
  }
}

@Module({ imports: [ServiceKitModule.forService()], providers: [{ provide: BUS_TRANSPORT, useClass: NoBus }] })
class QuietModule {}

it('does not wait at its end for a connection on which nobody asked anything', async () => {
  const { app, port } = await startService({ name: 'quiet', module: QuietModule, host: '127.0.0.1', port: 0, logLevel: 'error' });
  const silent = connect(port, '127.0.0.1');
  await once(silent, 'connect');
  const used = await fetch(`http://127.0.0.1:${port}/health/live`);
  expect(used.status).toBe(200);
  await used.text();
  const gone = once(silent, 'close');
  await app.close();
  await gone;
}, 5_000);
