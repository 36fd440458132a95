import { Inject, Injectable, Logger } from '@nestjs/common';
import type { AnalyticsQuery, QueryAnswer, RepliedQuery } from '@tributary/api-contracts';
import { failureToWire, toFailure } from '@tributary/failures';
import { CLOCK, eachInParallel, type Clock } from '@tributary/service-kit';
import { composeRows, definitionsOf } from '../answer/compose-answer.ts';
import { notesOf } from '../answer/notes.ts';
import { compileQuery, maxGroups, ordersInSql } from '../compile/compile-query.ts';
import { soqlOf } from '../compile/soql.ts';
import { CONFIG, type AnalyticsConfig, type EngineMode } from '../config.ts';
import { coverageOf } from '../coverage/coverage.ts';
import { objectsBehind } from '../coverage/objects-behind.ts';
import { Engines, type Ask } from '../engine/engines.ts';
import { objectOf, type Catalogue } from '../warehouse/catalogue.ts';
import { readContext, requireReady, type AskedConnection, type ConnectionContext } from '../warehouse/read-context.ts';
import { Warehouse } from '../warehouse/warehouse.client.ts';
import { planQuery, questionObjects } from './plan-query.ts';
import { tooManyGroups } from './too-many-groups.ts';

/** Questions of one reading that are answered at the same time. */
const atOnce = 2;

interface ReadyContext extends ConnectionContext {
  readonly now: Date;
}

/** Answers questions about deals. */
@Injectable()
export class RunQuery {
  readonly #log = new Logger('question');

  constructor(
    private readonly warehouse: Warehouse,
    private readonly engines: Engines,
    @Inject(CONFIG) private readonly config: AnalyticsConfig,
    @Inject(CLOCK) private readonly now: Clock,
  ) {}

  /** @throws InvalidInput with a `query.…` code; NotFound `OBJECT_NOT_COPIED`; Conflict `dataset.not_ready`; Unavailable `query.timeout` */
  async execute({ query, ...asked }: AskedConnection & { readonly query: AnalyticsQuery }, mode: EngineMode = this.config.engine): Promise<QueryAnswer> {
    const startedAt = performance.now();
    const context = await this.#contextOf(asked);
    return this.#answer(query, context, (compile) => this.engines.ask(asked.connectionId, context.catalogue, mode, compile), startedAt);
  }

  /**
   * Answers several questions at the same versions of the data; one that fails leaves the others alone.
   * @returns what became of each question, in their order
   * @throws Conflict `dataset.not_ready`
   */
  async executeAll({ queries, ...asked }: AskedConnection & { readonly queries: readonly AnalyticsQuery[] }, mode: EngineMode = this.config.engine): Promise<RepliedQuery[]> {
    const context = await this.#contextOf(asked);
    const ask = await this.engines.choose(asked.connectionId, context.catalogue, mode);
    return eachInParallel(queries, atOnce, (query) => this.#outcomeOf(query, context, ask));
  }

  async #outcomeOf(query: AnalyticsQuery, context: ReadyContext, ask: Ask): Promise<RepliedQuery> {
    try {
      return { answer: await this.#answer(query, context, ask) };
    } catch (error) {
      const failure = toFailure(error);
      if (failure.kind === 'defect') this.#log.error('one of several questions failed', failure);
      return { failure: failureToWire(failure) };
    }
  }

  async #contextOf(asked: AskedConnection): Promise<ReadyContext> {
    const now = this.now();
    const context = await readContext(this.warehouse, asked, questionObjects);
    requireReady(context.catalogue, 'Opportunity');
    return { ...context, now };
  }

  async #answer(query: AnalyticsQuery, { catalogue, org, now }: ReadyContext, ask: Ask, startedAt = performance.now()): Promise<QueryAnswer> {
    const plan = planQuery(query, catalogue, org, now);
    const { engine, results } = await ask((dialect) => [
      compileQuery(plan, dialect, 'groups'), ...(query.totals ? [compileQuery(plan, dialect, 'total')] : []),
    ]);
    const [groups = [], totals] = results;
    if (!ordersInSql(plan) && groups.length > maxGroups) throw tooManyGroups(maxGroups);
    return {
      ...composeRows(query, plan, { groups, total: totals?.[0] }, org.currency),
      asOf: asOf(query, catalogue),
      coverage: coverageOf(objectsBehind(plan, catalogue), [...notesOf(plan, org, groups)], now),
      definitions: definitionsOf(plan),
      ...(query.explain === 'none' ? {} : { explain: { engine, ms: Math.round((performance.now() - startedAt) * 10) / 10, zone: plan.zone.name, period: plan.period, soql: [...soqlOf(plan)] } }),
    };
  }
}

/** Deals are the facts: their newest committed window dates the answer. */
function asOf({ asOf: asked }: AnalyticsQuery, catalogue: Catalogue): QueryAnswer['asOf'] {
  const opportunity = objectOf(catalogue, 'Opportunity');
  return { asked, data: opportunity?.asOf?.toISOString() ?? null, version: opportunity?.version.toString() ?? '0' };
}
