import { Inject, Injectable } from '@nestjs/common';
import type { AnalyticsQuery, QueryAnswer } from '@tributary/api-contracts';
import type { ConnectionId } from '@tributary/event-contracts';
import { CLOCK, type Clock } from '@tributary/service-kit';
import { composeRows, definitionsOf } from '../answer/compose-answer.ts';
import { notesOf } from '../answer/notes.ts';
import { compileQuery, maxGroups, ordersInSql } from '../compile/compile-query.ts';
import { soqlOf } from '../compile/soql.ts';
import { CONFIG, type AnalyticsConfig, type EngineMode } from '../config.ts';
import { coverageOf } from '../coverage/coverage.ts';
import { objectsBehind } from '../coverage/objects-behind.ts';
import { Engines } from '../engine/engines.ts';
import { objectOf, type Catalogue } from '../warehouse/catalogue.ts';
import { readContext, requireReady } from '../warehouse/read-context.ts';
import { Warehouse } from '../warehouse/warehouse.client.ts';
import { planQuery, questionObjects } from './plan-query.ts';
import { tooManyGroups } from './too-many-groups.ts';

/** Answers a question about deals. */
@Injectable()
export class RunQuery {
  constructor(
    private readonly warehouse: Warehouse,
    private readonly engines: Engines,
    @Inject(CONFIG) private readonly config: AnalyticsConfig,
    @Inject(CLOCK) private readonly now: Clock,
  ) {}

  /** @throws InvalidInput with a `query.…` code; NotFound `OBJECT_NOT_COPIED`; Conflict `dataset.not_ready`; Unavailable `query.timeout` */
  async execute({ connectionId, query }: { readonly connectionId: ConnectionId; readonly query: AnalyticsQuery }, mode: EngineMode = this.config.engine): Promise<QueryAnswer> {
    const startedAt = performance.now();
    const now = this.now();
    const { catalogue, org } = await readContext(this.warehouse, connectionId, questionObjects);
    requireReady(catalogue, 'Opportunity');
    const plan = planQuery(query, catalogue, org, now);
    const { engine, results } = await this.engines.ask(connectionId, catalogue, mode, (dialect) => [
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
