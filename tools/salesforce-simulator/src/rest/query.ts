import { json, type Reply } from '../http/reply.ts';
import type { HttpRequest } from '../http/request.ts';
import type { World } from '../oauth/world.ts';
import { dateOf } from '../org/value.ts';
import { aggregateRows } from '../soql/aggregate.ts';
import { parseSoql } from '../soql/parser.ts';
import { planQuery } from '../soql/plan.ts';
import { runPlan, type QueryScope } from '../soql/run.ts';
import { Cursors, type Cursor } from './cursors.ts';
import { recordMaker } from './record.ts';
import { RestError } from './rest-error.ts';
import type { Session } from './session.ts';

/** `query`, `queryAll` and their further pages. */
export class QueryApi {
  readonly #world: World;
  readonly #cursors = new Cursors();

  constructor(world: World) {
    this.#world = world;
  }

  /** @throws SoqlError, RestError */
  async first(request: HttpRequest, session: Session, version: string, scope: QueryScope): Promise<Reply> {
    const soql = request.query.get('q');
    if (soql === null || soql.trim() === '') throw new RestError(400, 'MALFORMED_QUERY', 'A query string has to be specified');
    const query = parseSoql(soql);
    if (query.hasSubquery) throw new RestError(400, 'MALFORMED_QUERY', 'The simulator has no parent-to-child subqueries');
    const plan = planQuery(query, session.view, dateOf(this.#world.clock.now()));
    const rows = await runPlan(plan, scope);
    if (query.count) return json(200, { totalSize: rows.length, done: true, records: [] });
    if (plan.aggregates.length > 0 || plan.groupBy.length > 0) {
      const records = aggregateRows(plan, rows).map((record) => ({ attributes: { type: 'AggregateResult' }, ...record }));
      return json(200, { totalSize: records.length, done: true, records });
    }
    const make = recordMaker(plan, version, (id) => this.#typeOf(id));
    const cursor = this.#cursors.open({
      userId: session.userId, openedAtMs: this.#world.clock.now().getTime(), length: rows.length, pageRows: this.#pageRows(request),
      slice: (from, until) => Array.from({ length: until - from }, (_, index) => make(rows.at(from + index))),
    });
    return this.#page(request, cursor, 0, version);
  }

  /** @throws RestError `INVALID_QUERY_LOCATOR` */
  next(request: HttpRequest, session: Session, version: string, locator: string): Reply {
    const found = this.#cursors.find(locator, session.userId, this.#world.clock.now().getTime(), this.#world.settings.cursorLifeMs);
    if (found === undefined) throw new RestError(400, 'INVALID_QUERY_LOCATOR', 'invalid query locator');
    return this.#page(request, found.cursor, found.position, version);
  }

  #page(request: HttpRequest, cursor: Cursor, from: number, version: string): Reply {
    const until = Math.min(cursor.length, from + cursor.pageRows);
    const records = cursor.slice(from, Math.max(from, until - request.truncateRows));
    const more = until < cursor.length;
    return json(200, { totalSize: cursor.length, done: !more, ...(more ? { nextRecordsUrl: `/services/data/v${version}/query/${cursor.id}-${until}` } : {}), records });
  }

  #pageRows(request: HttpRequest): number {
    const asked = /batchSize=(\d+)/i.exec(request.headers['sforce-query-options'] ?? '')?.[1];
    const { queryPageRows } = this.#world.settings;
    return asked === undefined ? queryPageRows : Math.min(queryPageRows, Math.max(200, Number(asked)));
  }

  #typeOf(id: string): string {
    return this.#world.org.tables.find(({ definition }) => definition.keyPrefix === id.slice(0, 3))?.definition.name ?? 'Name';
  }
}
