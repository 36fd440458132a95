import { createHash, createHmac, randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server } from 'node:http';
import { gzipSync } from 'node:zlib';
import { anotherOrg, otherOrgId, personId, type OtherField, type OtherObject, type OtherRow } from './other-org.ts';

interface Answer {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | Buffer;
}
const json = (body: unknown, status = 200): Answer => ({ status, headers: { 'content-type': 'application/json;charset=UTF-8', 'sforce-limit-info': 'api-usage=18/5000' }, body: JSON.stringify(body) });
const failing = (status: number, errorCode: string, message: string): Answer => json([{ errorCode, message }], status);

/**
 * A server that behaves like Salesforce where the product needs it, written from the published documents alone: one host for
 * sign-in and data, no consent page, no OpenID, older API versions, no rotation of refresh tokens, small pages.
 */
export class OtherSalesforce {
  readonly objects: OtherObject[] = anotherOrg();
  readonly client = { id: '3MVG9OTHER.app', secret: 'OTHERSECRET0123456789' };
  readonly refused: string[] = [];
  readonly #challenges = new Map<string, string>();
  readonly #refreshToken = `5Aep861${randomBytes(30).toString('base64url')}`;
  readonly #jobs = new Map<string, { soql: string; polls: number }>();
  readonly #server: Server = createServer((request, response) => void this.#serve(request).then(({ status, headers, body }) => response.writeHead(status, headers).end(body)));
  #tokens = new Set<string>();
  #origin = '';

  async start(): Promise<this> {
    this.#server.listen(0, '127.0.0.1');
    await once(this.#server, 'listening');
    const address = this.#server.address();
    this.#origin = `http://localhost:${typeof address === 'object' && address !== null ? address.port : 0}`;
    return this;
  }

  get origin(): string {
    return this.#origin;
  }

  /** Ends every session, as a session time-out does. */
  expireTokens(): void {
    this.#tokens = new Set();
  }

  rows(object: string): OtherRow[] {
    return this.objects.find(({ name }) => name === object)?.rows ?? [];
  }

  stop(): void {
    this.#server.closeAllConnections();
    this.#server.close();
  }

  async #serve(request: IncomingMessage): Promise<Answer> {
    const chunks: Buffer[] = [];
    for await (const chunk of request as AsyncIterable<Buffer>) chunks.push(chunk);
    const body = Buffer.concat(chunks).toString('utf8');
    const url = new URL(request.url ?? '/', this.#origin);
    const answer = this.#answer(request.method ?? '', url, body, request.headers.authorization ?? '', request.headers['accept-encoding'] ?? '');
    if (answer.status >= 400) this.refused.push(`${request.method ?? ''} ${url.pathname} ${answer.status}`);
    return answer;
  }

  #answer(method: string, url: URL, body: string, authorization: string, encoding: string): Answer {
    const path = url.pathname;
    if (path === '/services/oauth2/authorize') return this.#authorize(url.searchParams);
    if (path === '/services/oauth2/token') return this.#token(new URLSearchParams(body));
    if (path === '/services/oauth2/revoke') return { status: 200 };
    if (path === '/services/data') return json([{ label: 'Old', url: '/services/data/v59.0', version: '59.0' }, { label: 'Newer', url: '/services/data/v62.0', version: '62.0' }]);
    if (!this.#tokens.has(authorization.replace('Bearer ', ''))) return path.startsWith('/id/') ? { status: 403, headers: { 'content-type': 'text/plain' }, body: 'Bad_OAuth_Token' } : failing(401, 'INVALID_SESSION_ID', 'Session expired or invalid');
    if (path === `/id/${otherOrgId}/${personId}`) return json({ id: `${this.#origin}${path}`, user_id: personId, organization_id: otherOrgId, username: 'person0@anders.example', display_name: 'Zoë Ångström', email: null });
    const [, version, rest = ''] = /^\/services\/data\/v(\d+\.0)\/(.+)$/.exec(path) ?? [];
    return version === '59.0' || version === '62.0' ? this.#data(method, rest, url.searchParams, body, encoding, version) : failing(404, 'NOT_FOUND', 'The requested resource does not exist');
  }

  #authorize(query: URLSearchParams): Answer {
    if (query.get('client_id') !== this.client.id) return { status: 400, body: 'error=invalid_client_id' };
    const code = `aPrx${randomBytes(30).toString('base64url')}==`;
    this.#challenges.set(code, query.get('code_challenge') ?? '');
    const back = new URL(query.get('redirect_uri') ?? '');
    back.searchParams.set('code', code);
    back.searchParams.set('state', query.get('state') ?? '');
    return { status: 302, headers: { location: back.href } };
  }

  #token(form: URLSearchParams): Answer {
    if (form.get('client_id') !== this.client.id || form.get('client_secret') !== this.client.secret) return json({ error: 'invalid_client', error_description: 'invalid client credentials' }, 400);
    const code = form.get('code') ?? '';
    const first = form.get('grant_type') === 'authorization_code';
    const challenge = createHash('sha256').update(form.get('code_verifier') ?? '').digest('base64url');
    if (first && (!this.#challenges.has(code) || this.#challenges.get(code) !== challenge)) return json({ error: 'invalid_grant', error_description: 'invalid authorization code' }, 400);
    if (!first && form.get('refresh_token') !== this.#refreshToken) return json({ error: 'invalid_grant', error_description: 'expired access/refresh token' }, 400);
    this.#challenges.delete(code);
    const token = `${otherOrgId.slice(0, 15)}!AQ${randomBytes(40).toString('hex')}`;
    this.#tokens.add(token);
    const [id, issued_at] = [`${this.#origin}/id/${otherOrgId}/${personId}`, String(Date.now())];
    return json({ access_token: token, ...(first ? { refresh_token: this.#refreshToken } : {}), signature: createHmac('sha256', this.client.secret).update(id + issued_at).digest('base64'), scope: 'api refresh_token', instance_url: this.#origin, id, token_type: 'Bearer', issued_at });
  }

  #data(method: string, rest: string, query: URLSearchParams, body: string, encoding: string, version: string): Answer {
    const described = /^sobjects\/(\w+)\/describe$/.exec(rest)?.[1];
    if (rest === 'limits') return json({ DailyApiRequests: { Max: 5_000, Remaining: 4_982 } });
    if (rest === 'sobjects') return json({ encoding: 'UTF-8', maxBatchSize: 200, sobjects: this.objects.map(({ name, custom }) => ({ name, label: name, custom, queryable: true, retrieveable: true, deprecatedAndHidden: false, replicateable: true })) });
    if (described !== undefined) return this.#describe(described);
    if (rest === 'query' || rest === 'queryAll') return this.#page(query.get('q') ?? '', 0);
    const locator = /^query\/0r8(\w+)-(\d+)$/.exec(rest);
    if (locator !== null) return this.#page(Buffer.from(locator[1] ?? '', 'hex').toString('utf8'), Number(locator[2]));
    return this.#bulk(method, rest, query, body, encoding, version);
  }

  #describe(name: string): Answer {
    const object = this.objects.find((one) => one.name === name);
    if (object === undefined) return failing(404, 'NOT_FOUND', 'The requested resource does not exist');
    const fields = object.fields.map((field) => ({ label: field.name, length: 255, custom: field.name.endsWith('__c'), calculated: false, filterable: true, nillable: true, compoundFieldName: null, ...field }));
    return json({ name, label: name, custom: object.custom, queryable: true, retrieveable: true, replicateable: true, fields });
  }

  #page(soql: string, from: number): Answer {
    const { object, fields, rows, counted } = this.#select(soql);
    if (object === undefined) return failing(400, 'INVALID_TYPE', 'sObject type is not supported.');
    if (counted) return json({ totalSize: rows.length, done: true, records: [] });
    const records = rows.slice(from, from + 40).map((row) => ({ attributes: { type: object.name }, ...Object.fromEntries(fields.map(({ name, type }) => [name, type === 'datetime' ? String(row[name]).replace('Z', '+0000') : (row[name] ?? null)])) }));
    const done = from + 40 >= rows.length;
    return json({ totalSize: rows.length, done, ...(done ? {} : { nextRecordsUrl: `/services/data/v62.0/query/0r8${Buffer.from(soql).toString('hex')}-${from + 40}` }), records });
  }

  #bulk(method: string, rest: string, query: URLSearchParams, body: string, encoding: string, version: string): Answer {
    if (rest === 'jobs/query' && method === 'POST') {
      const id = `750Z0${randomBytes(5).toString('hex')}AAA`;
      const { query: soql } = JSON.parse(body) as { query: string };
      if (this.#select(soql).object === undefined) return failing(400, 'INVALIDENTITY', 'is not supported by the Bulk API.');
      this.#jobs.set(id, { soql, polls: 0 });
      return json({ id, state: 'UploadComplete', operation: 'queryAll', apiVersion: Number(version) });
    }
    const [, , id = '', what] = rest.split('/');
    const job = this.#jobs.get(id);
    if (job === undefined) return failing(404, 'NOT_FOUND', 'The requested resource does not exist');
    if (method === 'DELETE') return { status: 204 };
    const { fields, rows } = this.#select(job.soql);
    if (what === undefined) return json({ id, state: (job.polls += 1) > 1 ? 'JobComplete' : 'InProgress', apiVersion: Number(version), numberRecordsProcessed: rows.length });
    const from = Number(query.get('locator') ?? 0);
    const page = rows.slice(from, from + 64);
    const csv = [fields.map(({ name }) => `"${name}"`), ...page.map((row) => fields.map(({ name }) => `"${String(row[name] ?? '').replaceAll('"', '""')}"`))].map((line) => line.join(',')).join('\n');
    const packed = encoding.includes('gzip');
    return {
      status: 200, body: packed ? gzipSync(`${csv}\n`) : `${csv}\n`,
      headers: { 'content-type': 'text/csv; charset=UTF-8', ...(packed ? { 'content-encoding': 'gzip' } : {}), 'sforce-locator': from + 64 < rows.length ? String(from + 64) : 'null', 'sforce-numberofrecords': String(page.length) },
    };
  }

  #select(soql: string): { object: OtherObject | undefined; fields: OtherField[]; rows: OtherRow[]; counted: boolean } {
    const [, list = '', name = '', where = ''] = /^SELECT (.+) FROM (\w+)(?: WHERE (.+?))?(?: ORDER BY .+)?$/i.exec(soql) ?? [];
    const object = this.objects.find((one) => one.name === name);
    const conditions = where === '' ? [] : where.split(/ AND /i).map((text) => /^(\w+) (>=|<|>|<=|=) (\S+)$/.exec(text) ?? []);
    const at = (value: unknown): number => Date.parse(String(value));
    const rows = (object?.rows ?? []).filter((row) => conditions.every(([, field = '', sign, bound]) => {
      const [left, right] = [at(row[field]), at(bound)];
      return sign === '>=' ? left >= right : sign === '<' ? left < right : sign === '>' ? left > right : sign === '<=' ? left <= right : left === right;
    }));
    const fields = list.split(/,\s*/).flatMap((wanted) => object?.fields.filter((field) => field.name.toLowerCase() === wanted.toLowerCase()) ?? []);
    return { object, fields, rows, counted: /^COUNT\(\)$/i.test(list.trim()) };
  }
}
