import { BulkApi } from '../bulk/bulk-api.ts';
import { html, json, plain, type Reply } from '../http/reply.ts';
import type { HttpRequest } from '../http/request.ts';
import type { World } from '../oauth/world.ts';
import { goneOrgPage, maintenancePage } from '../pages/error-page.ts';
import { ApiUsage } from './api-usage.ts';
import { composite, compositeBatch } from './composite.ts';
import { DescribeHistory } from './describe-history.ts';
import { describeGlobal, describeObject } from './describe.ts';
import { limits, recordCount } from './limits.ts';
import { QueryApi } from './query.ts';
import { deleted, updated } from './replication.ts';
import { notFound, refusalOf, RestError } from './rest-error.ts';
import { openSession, type Session } from './session.ts';
import { requireVersion, versions } from './versions.ts';

const maxHeadBytes = 16_384;

/** Everything under `/services/data` of the org's own host. */
export class DataApi {
  readonly #world: World;
  readonly #usage: ApiUsage;
  readonly #query: QueryApi;
  readonly #describes = new DescribeHistory();
  readonly bulk: BulkApi;

  constructor(world: World) {
    this.#world = world;
    this.#usage = new ApiUsage(world);
    this.#query = new QueryApi(world);
    this.bulk = new BulkApi(world);
  }

  async answer(request: HttpRequest): Promise<Reply> {
    const { settings } = this.#world;
    if (settings.orgGone) return html(404, goneOrgPage());
    if (settings.maintenance === 'html') return html(503, maintenancePage());
    if (settings.maintenance === 'json') return json(503, [{ message: 'Server Unavailable: this organization is under maintenance.', errorCode: 'SERVER_UNAVAILABLE' }]);
    if (request.path.length + request.query.toString().length > maxHeadBytes) return plain(414, 'URI Too Long');
    if (request.headBytes > maxHeadBytes) return plain(431, 'Request Header Fields Too Large');
    try {
      const reply = await this.#dispatch(request);
      return { ...reply, headers: { ...this.#usage.header(), ...reply.headers } };
    } catch (error) {
      const refusal = refusalOf(error);
      if (refusal === undefined) throw error;
      return refusal.reply();
    }
  }

  async #dispatch(request: HttpRequest): Promise<Reply> {
    if (/^\/services\/data\/?$/.test(request.path)) return versions(this.#world.settings);
    const match = /^\/services\/data\/v(\d+\.\d+)(?:\/(.*?))?\/?$/.exec(request.path);
    if (match === null) throw notFound();
    const [, version = '', resource = ''] = match;
    requireVersion(version, this.#world.settings);
    const session = openSession(this.#world, request);
    if (this.#usage.isExhausted) throw new RestError(403, 'REQUEST_LIMIT_EXCEEDED', 'TotalRequests Limit exceeded.');
    this.#usage.count();
    return this.resource(request, session, version, resource);
  }

  /** One resource of a version; also the sub-requests of composite calls. */
  async resource(request: HttpRequest, session: Session, version: string, resource: string): Promise<Reply> {
    const [first = '', second, third] = resource.split('/');
    if (first === 'jobs') return this.bulk.answer(request, session, version, resource.split('/').slice(1));
    if (first === 'composite') {
      requireMethod(request, ['POST']);
      return second === 'batch' ? compositeBatch(this, request, session) : composite(this, request, session);
    }
    requireMethod(request, ['GET', 'HEAD']);
    switch (first) {
      case '': return json(200, Object.fromEntries(['tooling', 'folders', 'limits', 'sobjects', 'query', 'queryAll', 'jobs', 'composite', 'recent'].map((name) => [name, `/services/data/v${version}/${name}`])));
      case 'limits':
        if (second === 'recordCount') return recordCount(session.view, request);
        if (second !== undefined) throw notFound();
        return limits(this.#world.settings, { apiRequests: this.#usage.used, bulkQueryJobs: this.bulk.jobsToday });
      case 'query': case 'queryAll': return second === undefined ? this.#query.first(request, session, version, first) : this.#query.next(request, session, version, second);
      case 'sobjects':
        if (second === undefined) return describeGlobal(this.#world, this.#describes, session, request, version);
        if (third === 'describe') return describeObject(this.#world, this.#describes, session, request, second, version);
        if (third === 'updated') return updated(this.#world, session.view, request, second);
        if (third === 'deleted') return deleted(this.#world, session.view, request, second);
        throw notFound();
      default: throw notFound();
    }
  }
}

/** @throws RestError 405 */
export function requireMethod({ method }: HttpRequest, allowed: readonly string[]): void {
  if (!allowed.includes(method)) throw new RestError(405, 'METHOD_NOT_ALLOWED', `HTTP Method '${method}' not allowed. Allowed are ${allowed.join(',')}`);
}
