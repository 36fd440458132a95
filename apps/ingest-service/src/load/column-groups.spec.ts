import { SqlPool } from '@tributary/persistence';
import { aServiceEnvironment, type ServiceEnvironment } from '@tributary/testing';
import fc from 'fast-check';
import { Client, type PoolClient } from 'pg';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { planColumns, withinBounds, type ColumnPlan } from '../describe/column-plan.ts';
import { usualBounds, type RowBounds } from '../describe/row-bounds.ts';
import { mergeColumns, type ColumnMergeCounts } from '../formula/merge-columns.ts';
import { markDeleted } from '../sweep/tombstones.ts';
import { addSyncObjects } from '../warehouse/sync-object.ts';
import { ensureWarehouse } from '../warehouse/warehouse-schema.ts';
import { findRowsTable, fitTable } from '../warehouse/warehouse-table.ts';
import { mergeStage, type MergeCounts } from './merge.ts';
import { copyCsvPage, copyPage, createStage } from './stage.ts';
import type { Staged } from './staged.ts';
import { Substitutions } from './substitutions.ts';

const schema = 'c_groups';
const few: RowBounds = { own: 5, group: 3 };
const fieldTypes = ['string', 'boolean', 'int', 'double', 'date', 'datetime', 'time'] as const;
type FieldType = (typeof fieldTypes)[number];
type Fields = ReadonlyMap<string, FieldType>;

const values: Readonly<Record<FieldType, readonly string[]>> = {
  string: ['', 'plain', '"', '""', '\\', '\\N', '\\"', 'a\tb\nc\rd', '(1,"2")', ',', ' ', 'NULL', '{}', 'Grüße 😀', 'x'.repeat(3_000), '\\.'],
  boolean: ['', 'true', 'false', 'perhaps'],
  int: ['', '0', '-7', '9007199254740993', '5.0', 'many'],
  double: ['', '0', '-1.50', '123456789012345678.10', '1.5E-7', '1e5', 'much'],
  date: ['', '2026-11-27', '0001-01-01', '2026-02-30'],
  datetime: ['', '2026-11-27T10:00:00.123Z', '1700-01-01T00:00:00.000+0000', 'today'],
  time: ['', '10:30:00.123Z', '25:00:00'],
};
const always = { Id: 'id', IsDeleted: 'boolean', SystemModstamp: 'datetime' } as const;
let environment: ServiceEnvironment;
let admin: Client;
let pool: SqlPool;

function planOf(object: string, fields: Fields, chosen: readonly string[] | null, bounds: RowBounds): ColumnPlan {
  const described = [...Object.entries(always), ...fields].map(([name, type]) => ({ name, type, label: name, custom: false, calculated: false, filterable: true, nillable: true, deprecatedAndHidden: false }));
  // Some orgs name the stamp last.
  const plan = planColumns({ name: object, label: object, custom: false, queryable: true, retrieveable: true, replicateable: true, fields: [...described.filter(({ name }) => name !== 'SystemModstamp'), ...described.filter(({ name }) => name === 'SystemModstamp')] }, chosen);
  if (plan === undefined) throw new Error('an object with an Id has a plan');
  return withinBounds(plan, bounds);
}

interface SourceRow {
  readonly id: number;
  readonly deleted: boolean;
  readonly day: number;
  readonly picks: readonly number[];
}

function texts({ id, deleted, day, picks }: SourceRow, plan: ColumnPlan): string[] {
  return plan.columns.map(({ field, describe: { type } }, index) => {
    if (field === 'Id') return String(id).padStart(4, '0');
    if (field === 'IsDeleted') return String(deleted);
    if (field === 'SystemModstamp') return `2026-01-${String(day).padStart(2, '0')}T00:00:00.000Z`;
    const some = values[type as FieldType];
    // The same for both objects, whose columns have another order.
    return some[(picks[[...field].reduce((sum, character) => sum + character.charCodeAt(0), 0) % picks.length] ?? index) % some.length] ?? '';
  });
}

function csvOf(plan: ColumnPlan, rows: readonly SourceRow[]): Buffer {
  const line = (cells: readonly string[]): string => `${cells.map((cell) => `"${cell.replaceAll('"', '""')}"`).join(',')}\n`;
  return Buffer.from([line(plan.columns.map(({ field }) => field)), ...rows.map((row) => line(texts(row, plan)))].join(''));
}

type Step =
  | { readonly kind: 'rows'; readonly by: 'csv' | 'texts'; readonly rows: readonly SourceRow[] }
  | { readonly kind: 'add'; readonly type: FieldType }
  | { readonly kind: 'retype'; readonly field: number; readonly type: FieldType }
  | { readonly kind: 'choose'; readonly every: number }
  | { readonly kind: 'formulas'; readonly from: number; readonly rows: readonly SourceRow[] }
  | { readonly kind: 'gone'; readonly ids: readonly number[] };

const aRow = fc.record({ id: fc.integer({ min: 0, max: 30 }), deleted: fc.boolean(), day: fc.integer({ min: 1, max: 5 }), picks: fc.array(fc.nat(40), { minLength: 5, maxLength: 12 }) });
const aStep: fc.Arbitrary<Step> = fc.oneof(
  { weight: 3, arbitrary: fc.record({ kind: fc.constant('rows' as const), by: fc.constantFrom('csv' as const, 'texts' as const), rows: fc.array(aRow, { maxLength: 12 }) }) },
  fc.record({ kind: fc.constant('add' as const), type: fc.constantFrom(...fieldTypes) }),
  fc.record({ kind: fc.constant('retype' as const), field: fc.nat(30), type: fc.constantFrom(...fieldTypes) }),
  fc.record({ kind: fc.constant('choose' as const), every: fc.integer({ min: 1, max: 3 }) }),
  fc.record({ kind: fc.constant('formulas' as const), from: fc.nat(10), rows: fc.array(aRow, { maxLength: 8 }) }),
  fc.record({ kind: fc.constant('gone' as const), ids: fc.uniqueArray(fc.integer({ min: 0, max: 30 }), { maxLength: 5 }) }),
);

/** One object, with the columns of its table in groups or not. */
class Copied {
  #plan: ColumnPlan;
  #version = 0n;

  constructor(readonly object: string, private readonly bounds: RowBounds, fields: Fields) {
    this.#plan = planOf(object, fields, null, bounds);
  }

  async fit(fields: Fields, chosen: readonly string[] | null): Promise<void> {
    this.#plan = planOf(this.object, fields, chosen, this.bounds);
    await pool.transaction((client) => fitTable(client, schema, this.#plan));
  }

  async load(rows: readonly SourceRow[], by: 'csv' | 'texts', isLoad: boolean): Promise<MergeCounts> {
    const [plan, stage] = [this.#plan, `stage_${this.#plan.table}`];
    await createStage(pool, stage, { schema, plan, isLoad, joins: false });
    const staged = await pool.transaction((client) => stageRows(client, stage, plan, rows, by));
    this.#version += 1n;
    const counts = await pool.transaction((client) => mergeStage(client, { schema, stage, plan, version: this.#version, staged, joins: false }));
    await pool.transaction((client) => client.query(`update ${schema}.sync_object set version = $2 where object = $1`, [this.object, this.#version.toString()]));
    return counts;
  }

  async formulas(rows: readonly SourceRow[], from: number): Promise<ColumnMergeCounts> {
    const calculated = this.#plan.columns.map(({ field }) => field).filter((field) => !(field in always)).toSorted().slice(from);
    const plan = { ...this.#plan, columns: this.#plan.columns.filter(({ field }) => field in always || calculated.includes(field)) };
    const stage = `stage_f_${plan.table}`;
    await createStage(pool, stage, { schema, plan, isLoad: false, joins: false });
    await pool.transaction((client) => stageRows(client, stage, plan, rows, 'texts'));
    this.#version += 1n;
    return pool.transaction((client) => mergeColumns(client, { schema, stage, plan, columns: ['isdeleted', ...calculated.map((field) => field.toLowerCase())], version: this.#version }));
  }

  async gone(ids: readonly number[]): Promise<number> {
    this.#version += 1n;
    return pool.transaction((client) => markDeleted(client, schema, this.#plan, ids.map((id) => String(id).padStart(4, '0')), this.#version, 'purged'));
  }

  /** All rows and what they were before, by which two copies are compared. */
  async content(): Promise<unknown> {
    const without = (row: string): string => `(select jsonb_object_agg(key, value) from jsonb_each(${row}) where key not like '%\\_was\\_narrow%' and key <> '_synced_at')`;
    const { rows } = await admin.query(`select ${without('to_jsonb(t)')} as row from ${schema}.${this.#plan.table} t order by id`);
    if ((await findRowsTable(pool, schema, this.#plan.table)).layout.groups.length > 0) {
      const { rows: whole } = await admin.query(`select ${without('to_jsonb(t)')} as row from ${schema}.${this.#plan.table}__whole t order by id`);
      expect(whole).toEqual(rows);
    }
    const { rows: before } = await admin.query(`select id, version, ${without('row')} as row from ${schema}.record_version where object = $1 order by id, version`, [this.object]);
    return { rows, before };
  }
}

async function stageRows(client: PoolClient, stage: string, plan: ColumnPlan, rows: readonly SourceRow[], by: 'csv' | 'texts'): Promise<Staged> {
  const page = { stage, columns: plan.columns, page: 1, substitutions: new Substitutions(), onRows: () => undefined };
  if (by === 'texts') return { rows: await copyPage(client, [rows.map((row) => texts(row, plan))], page), deleted: 0 };
  const body = csvOf(plan, rows);
  return copyCsvPage(client, (async function* () {
    for (let at = 0; at < body.length; at += 1_000) yield body.subarray(at, at + 1_000);
  })(), page);
}

let cases = 0;

async function twoCopies(fields: Fields): Promise<readonly [Copied, Copied]> {
  cases += 1;
  const copies = [new Copied(`Plain${cases}`, usualBounds, fields), new Copied(`Grouped${cases}`, few, fields)] as const;
  await addSyncObjects(pool, schema, copies.map(({ object }) => ({ name: object, label: object, fields: null })));
  for (const copy of copies) await copy.fit(fields, null);
  return copies;
}

beforeAll(async () => {
  environment = await aServiceEnvironment();
  admin = new Client({ connectionString: environment.adminUrl });
  await admin.connect();
  pool = SqlPool.forService({ schema: 'ingest', url: environment.databaseUrl('ingest'), poolMax: 4 });
  await ensureWarehouse(pool, schema, null);
});

afterAll(async () => {
  await pool?.end();
  await admin?.end();
  await environment?.stop();
});

it('holds in groups of columns what a table of plain ones holds, whatever comes and however its fields change', async () => {
  await fc.assert(fc.asyncProperty(fc.array(fc.constantFrom(...fieldTypes), { minLength: 1, maxLength: 14 }), fc.uniqueArray(aRow, { selector: ({ id }) => id, maxLength: 25 }), fc.array(aStep, { maxLength: 8 }), async (types, first, steps) => {
    let fields: Fields = new Map(types.map((type, index) => [`F${index}`, type]));
    let chosen: readonly string[] | null = null;
    const copies = await twoCopies(fields);
    const both = async <T>(work: (copy: Copied) => Promise<T>): Promise<void> => {
      const [plain, grouped] = [await work(copies[0]), await work(copies[1])];
      expect(grouped).toEqual(plain);
    };
    await both((copy) => copy.load(first, 'csv', true));
    await both((copy) => copy.content());
    for (const step of steps) {
      if (step.kind === 'rows') await both((copy) => copy.load(step.rows, step.by, false));
      else if (step.kind === 'formulas') await both((copy) => copy.formulas(step.rows, step.from));
      else if (step.kind === 'gone') await both((copy) => copy.gone(step.ids));
      else {
        if (step.kind === 'add') fields = new Map([...fields, [`F${fields.size}`, step.type]]);
        if (step.kind === 'retype') fields = new Map([...fields].map(([field, type], index) => [field, index === step.field % fields.size ? step.type : type]));
        if (step.kind === 'choose') chosen = step.every === 1 ? null : [...fields.keys()].filter((_, index) => index % step.every === 0);
        await both((copy) => copy.fit(fields, chosen));
      }
      await both((copy) => copy.content());
    }
  }), { numRuns: Number(process.env['TRIBUTARY_TEST_RUNS'] ?? 25) });
}, 600_000);

it('lets the table take the place of the one under its view, which others go on reading', async () => {
  const fields: Fields = new Map(Array.from({ length: 12 }, (_, index) => [`F${index}`, 'string']));
  const [, grouped] = await twoCopies(fields);
  const table = `${schema}.${grouped.object.toLowerCase()}`;
  await pool.query(`create view ${schema}.report as select f11 from ${table}`);
  await admin.query(`create role somebody; grant select on ${table} to somebody`);
  const { rows: [before] } = await admin.query(`select '${table}__rows'::regclass::oid as oid`);
  const rows = Array.from({ length: 30 }, (_, id) => ({ id, deleted: false, day: 1, picks: [id] }));
  expect(await grouped.load(rows, 'csv', true)).toMatchObject({ inserted: 30 });
  await grouped.fit(new Map([...fields, ['F12', 'double']]), null);
  const { rows: [after] } = await admin.query(`select '${table}__rows'::regclass::oid as oid`);
  expect(after).not.toEqual(before);
  expect((await admin.query(`select count(*)::int as rows, has_table_privilege('somebody', '${table}', 'select') as given, has_table_privilege('tributary_analytics', '${table}', 'select') as readable from ${schema}.report`)).rows)
    .toEqual([{ rows: 30, given: true, readable: true }]);
  expect(await findRowsTable(pool, schema, grouped.object.toLowerCase())).toMatchObject({ name: `${grouped.object.toLowerCase()}__rows`, layout: { groups: [{ name: '_group_1' }, { name: '_group_2' }, { name: '_group_3' }, { name: '_group_4' }] } });
});
