import { Body, Controller, Get, HttpException, Module, Post } from '@nestjs/common';
import { Defect, NotBuilt, NotFound, RateLimited, Unauthenticated } from '@tributary/failures';
import type { NestExpressApplication } from '@nestjs/platform-express';
import { Server } from '@nestjs/microservices';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { BUS_TRANSPORT, commonVariables, correlationHeader, JsonLogger, ReadinessChecks, readConfiguration, runService, ServiceKitModule, startService } from './index.ts';

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

@Controller('try')
class TryController {
  @Get('missing')
  missing(): never {
    throw new NotFound('THING_NOT_FOUND', 'There is no such thing.', { action: 'Make one.', details: { id: 7 }, cause: new Error('hunter2') });
  }
  @Get('defect')
  defect(): never {
    throw new Defect('SECRET_DEFECT', 'hunter2 went wrong', { details: { password: 'hunter2' } });
  }
  @Get('unknown')
  unknown(): never {
    throw new TypeError('hunter2 is not a function');
  }
  @Get('limited')
  limited(): never {
    throw new RateLimited('SLOW_DOWN', 'Too many.', { retryAfterMs: 1_200 });
  }
  @Get('not-built')
  notBuilt(): never {
    throw new NotBuilt('NOT_BUILT', 'Comes later.');
  }
  @Get('signed-out')
  signedOut(): never {
    throw new Unauthenticated('NOT_SIGNED_IN', 'Sign in first.');
  }
  @Get('teapot')
  teapot(): never {
    throw new HttpException('short and stout', 418);
  }
  @Get('database')
  database(): never {
    throw Object.assign(new Error('the query failed'), { cause: new Error('timeout exceeded when trying to connect') });
  }
  @Post('echo')
  echo(@Body() body: { name: string }): { name: string } {
    return body;
  }
}

@Module({ imports: [ServiceKitModule.forService()], controllers: [TryController], providers: [{ provide: BUS_TRANSPORT, useFactory: () => new NoBus() }] })
class TryModule {}

let app: NestExpressApplication;
let address: string;

beforeAll(async () => {
  const started = await startService({ name: 'try', module: TryModule, host: '127.0.0.1', port: 0, logLevel: 'silent' });
  app = started.app;
  address = `http://127.0.0.1:${started.port}`;
});

afterAll(() => app?.close());

describe('a failure over HTTP', () => {
  it.each([
    ['/try/missing', 404, { type: 'urn:tributary:problem:THING_NOT_FOUND', title: 'Not found', status: 404, code: 'THING_NOT_FOUND', detail: 'There is no such thing.', action: 'Make one.', details: { id: 7 } }],
    ['/try/defect', 500, { status: 500, code: 'SECRET_DEFECT', detail: 'Something unexpected happened on our side.' }],
    ['/try/unknown', 500, { status: 500, code: 'INVARIANT_BROKEN', detail: 'Something unexpected happened on our side.' }],
    ['/try/database', 503, { status: 503, code: 'DATABASE_UNAVAILABLE', action: 'Try again in a few seconds.' }],
    ['/try/limited', 429, { status: 429, code: 'SLOW_DOWN' }],
    ['/try/not-built', 501, { status: 501, code: 'NOT_BUILT' }],
    ['/try/signed-out', 401, { status: 401, code: 'NOT_SIGNED_IN' }],
    ['/try/teapot', 500, { status: 500, code: 'INVARIANT_BROKEN' }],
    ['/nowhere', 404, { status: 404, code: 'ROUTE_NOT_FOUND' }],
  ])('at %s is a problem document with status %i', async (path, status, problem) => {
    const answer = await fetch(address + path);
    expect(answer.status).toBe(status);
    expect(answer.headers.get('content-type')).toMatch(/^application\/problem\+json/);
    const text = await answer.text();
    expect(JSON.parse(text)).toMatchObject({ ...problem, correlationId: expect.stringMatching(/^[0-9a-f-]{36}$/) });
    expect(text).not.toContain('hunter2');
  });

  it('says when to try again', async () => {
    expect((await fetch(`${address}/try/limited`)).headers.get('retry-after')).toBe('2');
  });

  it('carries the correlation id of the asker, when it is one', async () => {
    const id = '0199aa00-0000-7000-8000-000000000001';
    const problem = async (value: string): Promise<unknown> => (await fetch(`${address}/try/missing`, { headers: { [correlationHeader]: value } })).json();
    expect(await problem(id)).toMatchObject({ correlationId: id });
    expect(await problem('<script>')).not.toMatchObject({ correlationId: '<script>' });
  });

  it.each([
    ['broken JSON', '{"name":', 400],
    ['too much', JSON.stringify({ name: 'x'.repeat(200_000) }), 400],
  ])('answers %s with a problem document, never with a page', async (_name, body, status) => {
    const answer = await fetch(`${address}/try/echo`, { method: 'POST', headers: { 'content-type': 'application/json' }, body });
    expect(answer.status).toBe(status);
    expect(await answer.json()).toMatchObject({ code: 'REQUEST_INVALID' });
  });
});

describe('health', () => {
  it('is live as long as the process runs', async () => {
    expect(await (await fetch(`${address}/health/live`)).json()).toEqual({ status: 'ok' });
  });

  it('is ready only while everything it needs answers', async () => {
    let up = true;
    app.get(ReadinessChecks).add('thing', async () => {
      if (!up) throw new Error('hunter2');
    });
    const ready = async (): Promise<[number, unknown]> => {
      const answer = await fetch(`${address}/health/ready`);
      return [answer.status, await answer.json()];
    };
    expect(await ready()).toEqual([200, { status: 'ok', checks: { thing: 'ok' } }]);
    up = false;
    expect(await ready()).toEqual([503, { status: 'unavailable', checks: { thing: 'failed' } }]);
  });

  it('does not wait for a part that hangs', async () => {
    const checks = new ReadinessChecks();
    checks.add('hanging', () => new Promise(() => undefined));
    const startedAt = performance.now();
    expect(await checks.run()).toEqual({ ready: false, checks: { hanging: 'failed' } });
    expect(performance.now() - startedAt).toBeLessThan(3_000);
  });
});

describe('a start', () => {
  afterEach(() => vi.restoreAllMocks());

  it('with a wrong configuration ends with code 1 and the name of the variable, before it listens', async () => {
    const exit = vi.spyOn(process, 'exit').mockImplementation(() => undefined as never);
    const logged: string[] = [];
    vi.spyOn(JsonLogger.prototype, 'fatal').mockImplementation((message) => void logged.push(String(message)));
    let listened = false;
    await runService(() => {
      const { TRIBUTARY_SERVICE_PORT } = readConfiguration(commonVariables, { DATABASE_URL: 'mysql://user:hunter2@db', TRIBUTARY_DATA_DIR: '/tmp', NATS_URL: 'nats://x' });
      listened = true;
      return { name: 'try', module: TryModule, host: '127.0.0.1', port: TRIBUTARY_SERVICE_PORT, logLevel: 'silent' };
    });
    expect(exit).toHaveBeenCalledWith(1);
    expect(listened).toBe(false);
    expect(logged).toEqual([expect.stringContaining('DATABASE_URL: must be a postgresql:// address')]);
    expect(logged[0]).not.toContain('hunter2');
  });

  it('fails when its port is taken', async () => {
    const port = Number(new URL(address).port);
    await expect(startService({ name: 'second', module: TryModule, host: '127.0.0.1', port, logLevel: 'silent' })).rejects.toThrow(/EADDRINUSE/);
  });
});
