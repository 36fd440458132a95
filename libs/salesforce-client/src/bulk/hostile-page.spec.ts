import { once } from 'node:events';
import { createServer, type Socket } from 'node:net';
import { gzipSync } from 'node:zlib';
import { Secret } from '@tributary/failures';
import { describe, expect, it, onTestFinished } from 'vitest';
import { readCsvPage } from '../csv/csv-page.ts';
import { HostRules } from '../http/host-rules.ts';
import { SalesforceHttp, type SalesforceHttpOptions } from '../http/salesforce-http.ts';
import { SalesforceSession } from '../rest/session.ts';
import { rejectionOf } from '../spec-support/local-server.ts';
import { BulkClient } from './bulk-client.ts';

const rows = '"Id","Name"\n"1","a"\n"2","b"\n"3","c"\n';

/** Result pages of a server that writes bytes, not HTTP. */
async function aBulk(answer: (socket: Socket) => void, options: Partial<SalesforceHttpOptions> = {}): Promise<BulkClient> {
  const server = createServer((socket) => void socket.on('error', () => undefined).once('data', () => answer(socket)));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  const origin = `http://127.0.0.1:${typeof address === 'object' && address !== null ? address.port : 0}`;
  const http = new SalesforceHttp({ hostRules: new HostRules({ extraOrigins: [origin] }), version: '0', ...options });
  onTestFinished(async () => {
    server.close();
    await http.close();
  });
  return new BulkClient(new SalesforceSession(http, async () => ({ accessToken: Secret.of('t'), instanceUrl: origin, epoch: 1 }), undefined, async () => undefined), '66.0');
}

const head = (more: string): string => `HTTP/1.1 200 OK\r\ncontent-type: text/csv\r\nsforce-numberofrecords: 3\r\nsforce-locator: null\r\n${more}\r\n`;
const whole = (more: string, body: string | Buffer) => (socket: Socket) => void socket.write(Buffer.concat([Buffer.from(head(more)), Buffer.from(body)]), () => socket.end());

/** Rows of a page as they are read, against what its header says. */
async function read(bulk: BulkClient): Promise<{ promised: number | undefined; found: number }> {
  const page = await bulk.results('750XX000000Jb01AAC', undefined, 50);
  let found = 0;
  for await (const batch of readCsvPage(page.body as AsyncIterable<Buffer>, ['Id', 'Name'])) found += batch.length;
  return { promised: page.records, found };
}

describe('a page of an export', () => {
  it('without a length is whole at the end of its connection', async () => {
    expect(await read(await aBulk(whole('connection: close\r\n', rows)))).toEqual({ promised: 3, found: 3 });
  });

  it.each([
    ['without a length, cut between two rows', whole('connection: close\r\n', rows.slice(0, -8))],
    ['with a length that ends between two rows', whole(`content-length: ${rows.length - 8}\r\n`, rows)],
  ])('%s, is known to be short by its count', async (_what, answer) => {
    expect(await read(await aBulk(answer))).toEqual({ promised: 3, found: 2 });
  });

  it.each([
    ['without a length, cut within a row', whole('connection: close\r\n', rows.slice(0, -5)), 'CSV_BROKEN'],
    ['with a length that ends within a row', whole(`content-length: ${rows.length - 5}\r\n`, rows), 'CSV_BROKEN'],
    ['with a length of more than comes', whole(`content-length: ${rows.length + 5}\r\n`, rows), undefined],
    ['with garbage between its chunks', whole('transfer-encoding: chunked\r\n', `${rows.length.toString(16)}\r\n${rows}\r\nnonsense\r\n0\r\n\r\n`), undefined],
    ['whose last chunk is missing', whole('transfer-encoding: chunked\r\n', `${rows.length.toString(16)}\r\n${rows}\r\n`), undefined],
  ])('%s, ends with an error, never short', async (_what, answer, code) => {
    const failure = await rejectionOf(aBulk(answer).then(read));
    expect(failure).toBeInstanceOf(Error);
    if (code !== undefined) expect(failure).toMatchObject({ code });
  });

  it('with two lengths is refused', async () => {
    expect(await rejectionOf(aBulk(whole(`content-length: 5\r\ncontent-length: ${rows.length}\r\n`, rows)).then(read))).toBeInstanceOf(Error);
  });

  it('packed twice is refused before anything is unpacked', async () => {
    const packed = gzipSync(gzipSync(rows));
    expect(await rejectionOf(aBulk(whole(`content-encoding: gzip, gzip\r\ncontent-length: ${packed.length}\r\n`, packed)).then(read))).toMatchObject({ code: 'ANSWER_ENCODING_UNKNOWN' });
  });

  it('packed twice but called packed once is no CSV', async () => {
    const packed = gzipSync(gzipSync(rows));
    expect(await rejectionOf(aBulk(whole(`content-encoding: gzip\r\ncontent-length: ${packed.length}\r\n`, packed)).then(read))).toMatchObject({ code: 'CSV_BROKEN' });
  });

  it('that comes drop by drop ends at the deadline of the whole, although no pause is long', async () => {
    const drip = (socket: Socket): void => {
      socket.write(head('connection: close\r\n') + rows);
      const timer = setInterval(() => socket.write('"4","d"\n'), 20);
      socket.on('close', () => clearInterval(timer));
    };
    const bulk = await aBulk(drip, { streamDeadlineMs: 300 });
    const startedAt = performance.now();
    expect(await rejectionOf(read(bulk))).toMatchObject({ name: 'TimeoutError' });
    expect(performance.now() - startedAt).toBeLessThan(2_000);
  });

  it('of a thousand to one holds no more than three hundred megabytes while it is refused', async () => {
    const bomb = gzipSync('"Id","Name"\n' + '"4","d"\n'.repeat(8 * 1024 ** 2));
    expect(bomb.length).toBeLessThan(64 * 1024 ** 2 / 400);
    const page = await (await aBulk(whole(`content-encoding: gzip\r\ncontent-length: ${bomb.length}\r\n`, bomb))).results('750XX000000Jb01AAC', undefined, 50);
    const before = process.memoryUsage.rss();
    let [most, found] = [before, 0];
    const refused = await rejectionOf((async () => {
      for await (const batch of readCsvPage(page.body as AsyncIterable<Buffer>, ['Id', 'Name'])) {
        found += batch.length;
        most = Math.max(most, process.memoryUsage.rss());
      }
    })());
    console.info(`a bomb of 64 MB in ${Math.round(bomb.length / 1_000)} kB: refused after ${found} rows, ${Math.round((most - before) / 1e6)} MB more than before`);
    expect(refused).toMatchObject({ code: 'ANSWER_TOO_LARGE' });
    expect(most - before).toBeLessThan(300e6);
  });
});
