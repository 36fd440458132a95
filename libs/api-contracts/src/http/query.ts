import { z } from 'zod';
import { Problem } from './problem.ts';

const scalar = z.union([z.string().max(4_000), z.number(), z.boolean(), z.null()]);

/** One condition on a field path such as `stage`, `owner` or `opportunity.type`. */
export const Condition = z.strictObject({
  field: z.string().min(1).max(120),
  op: z.enum(['eq', 'neq', 'in', 'nin', 'lt', 'lte', 'gt', 'gte', 'between', 'contains', 'starts_with', 'is_null', 'not_null']),
  value: z.union([scalar, z.array(scalar).max(500)]).optional(),
});
export type Condition = z.infer<typeof Condition>;

export type Filter = Condition | { readonly any: readonly Filter[] } | { readonly all: readonly Filter[] } | { readonly not: Filter };

/** A filter tree, at most 200 nodes by the planner's rule. */
export const Filter: z.ZodType<Filter> = z.lazy(() => z.union([
  Condition,
  z.strictObject({ any: z.array(Filter).min(1).max(50) }),
  z.strictObject({ all: z.array(Filter).min(1).max(50) }),
  z.strictObject({ not: Filter }),
]));

export const TimeGrain = z.enum(['day', 'week', 'month', 'quarter', 'year', 'fiscal_month', 'fiscal_quarter', 'fiscal_year']);
export type TimeGrain = z.infer<typeof TimeGrain>;

const periodUnit = z.enum(['month', 'quarter', 'year']);

/** Half-open dates, whole calendar units relative to today, or the last n units. */
export const Period = z.union([
  z.strictObject({ from: z.iso.date(), until: z.iso.date() }),
  z.strictObject({ calendar: z.enum(['fiscal', 'gregorian']), unit: periodUnit, from: z.int().min(-400).max(400), to: z.int().min(-400).max(400), toDate: z.boolean().optional() }),
  z.strictObject({ last: z.strictObject({ n: z.int().min(1).max(5_000), unit: z.enum(['day', 'week', 'month', 'quarter', 'year']) }) }),
]);
export type Period = z.infer<typeof Period>;

/** `POST /api/connections/{id}/query` */
export const AnalyticsQuery = z.strictObject({
  metrics: z.array(z.union([z.string().min(1).max(80), z.strictObject({ id: z.string().min(1).max(80), params: z.record(z.string(), scalar).optional() })])).min(1).max(12),
  dimensions: z.array(z.string().min(1).max(120)).max(3).default([]),
  filters: z.array(Filter).max(50).default([]),
  timeGrain: TimeGrain.optional(),
  period: Period.optional(),
  asOf: z.union([z.literal('now'), z.iso.date(), z.iso.datetime()]).default('now'),
  limit: z.int().min(1).max(10_000).default(1_000),
  totals: z.boolean().default(false),
  orderBy: z.array(z.strictObject({ by: z.string().max(120), dir: z.enum(['asc', 'desc']).default('asc') })).max(4).default([]),
  explain: z.enum(['none', 'summary', 'full']).default('summary'),
});
export type AnalyticsQuery = z.infer<typeof AnalyticsQuery>;
/** What a client sends: everything with a default may be left out. */
export type AnalyticsQueryInput = z.input<typeof AnalyticsQuery>;

/** `POST /api/connections/{id}/queries`: questions that belong together, to one moment of the data. */
export const AnalyticsQueries = z.strictObject({ queries: z.array(AnalyticsQuery).min(1).max(40) });

export const QueryColumn = z.object({
  key: z.string(),
  label: z.string(),
  kind: z.enum(['dimension', 'time', 'metric']),
  type: z.enum(['text', 'id', 'date', 'decimal', 'integer']),
  unit: z.enum(['money', 'count', 'ratio', 'days']).optional(),
  /** ISO 4217 code for money. */
  currency: z.string().nullable().optional(),
  scale: z.int().optional(),
  additive: z.boolean().optional(),
  /** Key of the human label of an id dimension. */
  labelKey: z.string().optional(),
  numeratorKey: z.string().optional(),
  denominatorKey: z.string().optional(),
});
export type QueryColumn = z.infer<typeof QueryColumn>;

/** Values are strings (decimals, integers, texts, ISO dates) or null; `_drill` reproduces the row's records, `_why` explains nulls. */
export const QueryRow = z.record(z.string(), z.union([z.string(), z.null(), z.record(z.string(), z.string())]));
export type QueryRow = z.infer<typeof QueryRow>;

export const CoverageStatus = z.enum(['complete', 'loading', 'partial', 'stale', 'unknown']);
export type CoverageStatus = z.infer<typeof CoverageStatus>;

export const Coverage = z.object({
  /** The worst of the objects used. */
  status: CoverageStatus,
  objects: z.array(z.object({
    object: z.string(),
    status: CoverageStatus,
    rows: z.string(),
    sourceRows: z.string().nullable(),
    tombstones: z.string(),
    receipt: z.string().nullable(),
    asOf: z.iso.datetime().nullable(),
    reason: z.string().nullable(),
  })),
  notes: z.array(z.object({ code: z.string(), text: z.string(), n: z.string().optional() })),
});
export type Coverage = z.infer<typeof Coverage>;

export const MetricDefinition = z.object({
  id: z.string(),
  version: z.int().positive(),
  label: z.string(),
  /** The definition in plain words. */
  text: z.string(),
  formula: z.string(),
  unit: z.enum(['money', 'count', 'ratio', 'days']),
  /** `Object.Field` on which periods and time grains work. */
  timeField: z.string(),
  /** Objects and fields it needs. */
  needs: z.array(z.string()),
  /** A trap that readers fall into elsewhere. */
  trap: z.string().nullable(),
  dimensions: z.array(z.string()),
});
export type MetricDefinition = z.infer<typeof MetricDefinition>;

/** `GET /api/metrics` */
export const MetricRegistry = z.object({ metrics: z.array(MetricDefinition) });
export type MetricRegistry = z.infer<typeof MetricRegistry>;

export const QueryAnswer = z.object({
  columns: z.array(QueryColumn),
  rows: z.array(QueryRow),
  totals: QueryRow.optional(),
  truncated: z.boolean(),
  asOf: z.object({
    asked: z.string(),
    /** Newest committed window behind the answer. */
    data: z.iso.datetime().nullable(),
    version: z.string(),
  }),
  coverage: Coverage,
  definitions: z.record(z.string(), z.object({ version: z.int(), label: z.string(), text: z.string(), formula: z.string(), timeField: z.string() })),
  explain: z.object({
    engine: z.enum(['duckdb', 'postgres']),
    ms: z.number(),
    zone: z.string(),
    period: z.object({ label: z.string(), from: z.iso.date().nullable(), until: z.iso.date().nullable() }).nullable(),
    soql: z.array(z.string()),
  }).optional(),
});
export type QueryAnswer = z.infer<typeof QueryAnswer>;

/** What became of each question, in their order: one that fails leaves the others alone. */
export const QueryAnswers = z.object({ answers: z.array(z.union([z.object({ answer: QueryAnswer }), z.object({ problem: Problem })])) });
export type QueryAnswers = z.infer<typeof QueryAnswers>;
