import { Inject, Injectable } from '@nestjs/common';
import type { RecordsAnswer, RecordsRequest } from '@tributary/api-contracts';
import { InvalidInput } from '@tributary/failures';
import { CLOCK, type Clock } from '@tributary/service-kit';
import { finishMetric, type EngineRow } from '../answer/finish-metric.ts';
import { compileQuery } from '../compile/compile-query.ts';
import { postgresDialect } from '../compile/dialect.ts';
import { coverageOfObject } from '../coverage/coverage.ts';
import { askPostgres } from '../engine/postgres-engine.ts';
import { notCopied } from '../question/dimensions.ts';
import type { Plan } from '../question/plan.ts';
import { questionObjects } from '../question/plan-query.ts';
import { fieldOf, fieldsOfObject, type Catalogue, type CopiedObject } from '../warehouse/catalogue.ts';
import { readContext, requireReady, type AskedConnection, type ConnectionContext } from '../warehouse/read-context.ts';
import { Warehouse } from '../warehouse/warehouse.client.ts';
import { compileRecordCount, compileRecords, type RecordSort } from './compile-records.ts';
import { readCursor, writeCursor, type Cursor } from './cursor.ts';
import { isDrillToken, readDrill } from './drill.ts';
import { drillPlan } from './drill-plan.ts';
import { recordColumns, recordValue, shownColumns, type RecordColumn } from './record-columns.ts';
import { recordsPlan } from './records-plan.ts';

/** Lists rows of an object from the warehouse: those behind a figure, or those a filter finds. */
@Injectable()
export class ListRecords {
  constructor(
    private readonly warehouse: Warehouse,
    @Inject(CLOCK) private readonly now: Clock,
  ) {}

  /** @throws NotFound `OBJECT_NOT_COPIED`; Conflict `dataset.not_ready`; InvalidInput `records.…` and `query.…` */
  async execute({ object: name, request, ...asked }: AskedConnection & { readonly object: string; readonly request: RecordsRequest }): Promise<RecordsAnswer> {
    const context = await readContext(this.warehouse, asked, [...questionObjects, name]);
    const object = requireReady(context.catalogue, name);
    if (object === undefined || fieldOf(context.catalogue, object.object, 'Id') === undefined) throw notCopied(name);
    const plan = this.#plan(request.filter, object, context);
    const sort = sortOf(request.sort, object, plan, context.catalogue);
    const columns = recordColumns(fieldsOfObject(context.catalogue, object.object), plan.tables);
    const after = request.cursor === undefined ? undefined : readCursor(request.cursor, sortText(sort));
    const dialect = postgresDialect(context.catalogue.schema);
    const [rows = [], counts = [], sums = []] = await askPostgres(this.warehouse, [
      compileRecords(plan, dialect, columns, sort, after, request.limit), compileRecordCount(plan, dialect), ...(plan.metrics.length === 0 ? [] : [compileQuery(plan, dialect, 'total')]),
    ]);
    const { status, asOf } = coverageOfObject(object, this.now());
    return {
      object: object.object,
      columns: shownColumns(columns),
      rows: rows.slice(0, request.limit).map((row) => recordOf(columns, row)),
      total: Number(counts[0]?.['total'] ?? 0),
      ...(sums[0] === undefined ? {} : { sums: sumsOf(plan, sums[0]) }),
      nextCursor: rows.length > request.limit ? nextCursor(rows[request.limit - 1], sort) : null,
      recordUrl: null,
      coverage: { status, asOf },
    };
  }

  #plan(filter: string | undefined, object: CopiedObject, context: ConnectionContext): Plan {
    if (filter === undefined || !isDrillToken(filter)) return recordsPlan(filter, object, context, this.now());
    if (object.object !== 'Opportunity') throw new InvalidInput('records.wrong_object', 'The figure is about deals: its rows are those of Opportunity.', { details: { object: 'Opportunity' } });
    return drillPlan(readDrill(filter), context, this.now());
  }
}

/** The largest deals first behind a figure, else by id. */
function sortOf(sort: string | undefined, { object }: CopiedObject, plan: Plan, catalogue: Catalogue): RecordSort {
  const asked = sort ?? (plan.metrics.length > 0 && plan.opportunity.has('amount') ? '-Amount' : 'Id');
  const name = asked.startsWith('-') ? asked.slice(1) : asked;
  const field = fieldOf(catalogue, object, name);
  if (field === undefined) throw new InvalidInput('records.unknown_field', `${object} has no copied field ${name}.`, { details: { object, field: name } });
  return { field, dir: asked.startsWith('-') ? 'desc' : 'asc' };
}

function sortText({ field, dir }: RecordSort): string {
  return `${dir === 'desc' ? '-' : ''}${field.name}`;
}

function nextCursor(last: EngineRow | undefined, sort: RecordSort): string | null {
  const cursor: Cursor = { s: sortText(sort), v: last?.['sort_value'] ?? null, id: last?.['sort_id'] ?? '' };
  return writeCursor(cursor) ?? null;
}

function recordOf(columns: readonly RecordColumn[], row: EngineRow): Record<string, string | null> {
  return Object.fromEntries(columns.map((column, index) => [column.name, recordValue(column, row[`c${index}`] ?? null)]));
}

/** The metrics over all the rows: each equals the clicked cell, and so do its parts. */
function sumsOf(plan: Plan, row: EngineRow): Record<string, string> {
  return Object.fromEntries(plan.metrics.flatMap((metric, index) => {
    const { value, parts } = finishMetric(metric, index, row, plan.moneyScale);
    return [...(value === null ? [] : [[metric.id, value] as const]), ...Object.entries(parts).map(([name, part]) => [`${metric.id}.${name}`, part] as const)];
  }));
}
