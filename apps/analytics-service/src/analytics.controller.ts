import { Controller } from '@nestjs/common';
import { Payload } from '@nestjs/microservices';
import { listMetrics, listRecords, runQueries, runQuery, type AnalyticsQuery, type MetricRegistry, type QueryAnswer, type RecordsAnswer, type RecordsRequest, type RepliedQuery } from '@tributary/api-contracts';
import { OnRequest } from '@tributary/messaging';
import { definitionOf, registry } from './metric/registry.ts';
import { allowedDimensions } from './question/dimensions.ts';
import { RunQuery } from './question/run-query.ts';
import { ListRecords } from './records/list-records.ts';
import type { AskedConnection } from './warehouse/read-context.ts';

/** Questions of other services. */
@Controller()
export class AnalyticsController {
  constructor(
    private readonly runQuery: RunQuery,
    private readonly listRecords: ListRecords,
  ) {}

  @OnRequest(listMetrics)
  metrics(): MetricRegistry {
    return { metrics: registry.map((metric) => definitionOf(metric, allowedDimensions)) };
  }

  @OnRequest(runQuery)
  async query(@Payload() request: AskedConnection & { query: AnalyticsQuery }): Promise<QueryAnswer> {
    return this.runQuery.execute(request);
  }

  @OnRequest(runQueries)
  async queries(@Payload() request: AskedConnection & { queries: AnalyticsQuery[] }): Promise<{ answers: RepliedQuery[] }> {
    return { answers: await this.runQuery.executeAll(request) };
  }

  @OnRequest(listRecords)
  async records(@Payload() request: AskedConnection & { object: string; request: RecordsRequest }): Promise<RecordsAnswer> {
    return this.listRecords.execute(request);
  }
}
