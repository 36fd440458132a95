import { randomBytes } from 'node:crypto';
import type { ServerResponse } from 'node:http';
import { gzipSync } from 'node:zlib';
import type { HttpRequest } from './request.ts';
import type { Reply } from './reply.ts';

const smallestGzip = 1_024;

/** Headers that every answer of Salesforce's edge carries. */
export function edgeHeaders(date: Date): Record<string, string> {
  const requestId = randomBytes(16).toString('hex');
  return {
    date: date.toUTCString(), 'strict-transport-security': 'max-age=63072000; includeSubDomains', 'x-content-type-options': 'nosniff', 'x-robots-tag': 'none', server: 'sfdcedge',
    'x-sfdc-request-id': requestId, 'x-request-id': requestId, 'x-sfdc-edge-cache': 'none', vary: 'Accept-Encoding',
  };
}

/** Writes an answer; with `cutAfterBytes` the connection ends within its body. */
export async function send(response: ServerResponse, request: HttpRequest, reply: Reply, date: Date, cutAfterBytes?: number): Promise<void> {
  const headers: Record<string, string | readonly string[]> = { ...edgeHeaders(date), ...reply.headers };
  // Strict transport security for a plain local address would lock a browser out of it.
  delete headers['strict-transport-security'];
  let body = reply.body;
  if (!isStream(body)) {
    const gzip = request.acceptsGzip && body.length >= smallestGzip && headers['content-encoding'] === undefined && reply.status !== 304;
    if (gzip) {
      body = gzipSync(body, { level: 4 });
      headers['content-encoding'] = 'gzip';
    }
    if (reply.status !== 204 && reply.status !== 304) headers['content-length'] = String(Buffer.byteLength(body));
  }
  response.writeHead(reply.status, Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, typeof value === 'string' ? value : [...value]])));
  if (cutAfterBytes !== undefined) return cut(response, body, cutAfterBytes);
  if (!isStream(body)) {
    response.end(body);
    return;
  }
  for await (const chunk of body) {
    if (response.destroyed) return;
    if (!response.write(chunk)) await writable(response);
  }
  response.end();
}

/** Resolves when more can be written, or when nobody reads any more. */
async function writable(response: ServerResponse): Promise<void> {
  await new Promise<void>((resolve) => {
    const go = (): void => {
      response.off('drain', go);
      response.off('close', go);
      resolve();
    };
    response.on('drain', go);
    response.on('close', go);
  });
}

async function cut(response: ServerResponse, body: Reply['body'], bytes: number): Promise<void> {
  const pieces = isStream(body) ? body : [Buffer.from(body)];
  let left = bytes;
  for await (const piece of pieces) {
    await new Promise<void>((resolve) => void response.write(piece.subarray(0, left), () => resolve()));
    left -= piece.length;
    if (left <= 0) break;
  }
  response.destroy();
}

export function isStream(body: Reply['body']): body is AsyncIterable<Buffer> {
  return typeof body !== 'string' && !Buffer.isBuffer(body);
}

/** A whole body as text. */
export async function textOf(body: Reply['body']): Promise<string> {
  if (!isStream(body)) return body.toString();
  const pieces: Buffer[] = [];
  for await (const piece of body) pieces.push(piece);
  return Buffer.concat(pieces).toString('utf8');
}
