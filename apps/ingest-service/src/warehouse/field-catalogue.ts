import { notChosen, type ColumnPlan } from '../describe/column-plan.ts';
import { picklistOf } from '../describe/picklist.ts';
import { quoted, type Sql } from '../sql.ts';
import type { FieldDrift } from './drift.ts';
import type { FieldEvidence } from './field-fate.ts';

/** A field as the last describe had it. */
export interface KnownField {
  readonly [column: string]: unknown;
  readonly field: string;
  readonly type: string;
  /** Whether its values were copied. */
  readonly isCopied: boolean;
  /** What names it beyond its API name; null when the org's setup has not told. */
  readonly durableId: string | null;
  /** Values it offered; null for a field that is no list, and when they were not looked at. */
  readonly picklist: readonly string[] | null;
}

/** A field that was there once and is not seen now. */
export interface GoneField {
  readonly [column: string]: unknown;
  readonly field: string;
  readonly durableId: string | null;
  readonly fate: 'hidden' | 'vanished';
}

export interface KnownFields {
  readonly present: readonly KnownField[];
  /** Those of which it is not settled what became of them: they may come back, or turn out to be removed. */
  readonly gone: readonly GoneField[];
}

/** Fields of an object as the last describe had them; empty before the first. */
export async function knownFields(sql: Sql, schema: string, object: string): Promise<KnownFields> {
  const catalogue = `${quoted(schema)}.field_catalogue`;
  const { rows: present } = await sql.query<KnownField>(
    `select field, type, column_name is not null as "isCopied", durable_id as "durableId", picklist_values as picklist from ${catalogue} where object = $1 and seen_until is null`, [object]);
  const { rows: gone } = await sql.query<GoneField>(
    `select field, durable_id as "durableId", ended_by as fate
       from (select distinct on (field) * from ${catalogue} where object = $1 order by field, seen_from desc) last where seen_until is not null and ended_by in ('hidden', 'vanished')`, [object]);
  return { present, gone };
}

/** Fields that are left out because nobody chose them, in lower case, by object. */
export async function notYetCopied(sql: Sql, schema: string): Promise<ReadonlyMap<string, string[]>> {
  const { rows } = await sql.query<{ object: string; fields: string[] }>(
    `select object, array_agg(lower(field)) as fields from ${quoted(schema)}.field_catalogue where seen_until is null and excluded_because = $1 group by object`, [notChosen]);
  return new Map(rows.map(({ object, fields }) => [object, fields]));
}

/** Keeps what describe says now; periods of fields that are gone or changed are closed with the reason, never deleted. */
export async function keepFields(sql: Sql, schema: string, plan: ColumnPlan, { ids }: FieldEvidence, { remade, fates }: FieldDrift): Promise<void> {
  const catalogue = `${quoted(schema)}.field_catalogue`;
  const fields = [
    ...plan.columns.map(({ describe, column, type }) => ({ describe, column, type, because: null })),
    ...plan.excluded.map(({ field, because }) => ({ describe: field, column: null, type: null, because })),
  ];
  const present = `select * from unnest($2::text[], $3::text[], $4::text[], $5::text[], $6::text[], $7::int[], $8::int[], $9::bool[], $10::bool[], $11::int[], $12::text[], $13::text[], $14::text[], $15::text[], $16::jsonb[], $17::bool[])
    as p(field, label, type, column_name, column_type, precision, scale, custom, formula, position, excluded_because, relationship_name, reference_to, durable_id, picklist_values, remade)`;
  const values = [
    plan.object, fields.map(({ describe }) => describe.name), fields.map(({ describe }) => describe.label), fields.map(({ describe }) => describe.type), fields.map(({ column }) => column),
    fields.map(({ type }) => type), fields.map(({ describe }) => describe.precision ?? null), fields.map(({ describe }) => describe.scale ?? null), fields.map(({ describe }) => describe.custom),
    fields.map(({ describe }) => describe.calculated), fields.map((_field, index) => index), fields.map(({ because }) => because),
    fields.map(({ describe }) => describe.relationshipName ?? null), fields.map(({ describe }) => (describe.referenceTo ?? []).join()),
    fields.map(({ describe }) => ids.get(describe.name) ?? null), fields.map(({ describe }) => listText(picklistOf(describe))), fields.map(({ describe }) => remade.includes(describe.name)),
  ];
  await sql.query(
    `with p as (${present})
     update ${catalogue} k set seen_until = now(), ended_by = 'changed' where k.object = $1 and k.seen_until is null
       and not exists (select 1 from p where p.field = k.field and p.type = k.type and p.column_name is not distinct from k.column_name and p.column_type is not distinct from k.column_type
         and (k.picklist_values is null or p.picklist_values is not distinct from k.picklist_values) and not p.remade)`, values);
  await sql.query(
    `with p as (${present})
     insert into ${catalogue} as k (object, field, label, type, column_name, column_type, precision, scale, custom, formula, position, excluded_because, relationship_name, reference_to, durable_id, picklist_values)
     select $1, field, label, type, column_name, column_type, precision, scale, custom, formula, position, excluded_because, relationship_name, string_to_array(reference_to, ','), durable_id, picklist_values from p
     on conflict (object, field) where seen_until is null do update set label = excluded.label, precision = excluded.precision, scale = excluded.scale, custom = excluded.custom,
       formula = excluded.formula, position = excluded.position, excluded_because = excluded.excluded_because,
       relationship_name = excluded.relationship_name, reference_to = excluded.reference_to, durable_id = coalesce(excluded.durable_id, k.durable_id), picklist_values = excluded.picklist_values`, values);
  const ended = [...fates, ...remade.map((field) => [field, { kind: 'removed' }] as const)];
  await sql.query(
    `update ${catalogue} k set ended_by = f.fate, renamed_to = f.renamed_to from unnest($2::text[], $3::text[], $4::text[]) as f(field, fate, renamed_to)
      where k.object = $1 and k.field = f.field and k.seen_until is not null
        and k.seen_until = (select max(seen_until) from ${catalogue} last where last.object = $1 and last.field = f.field)`,
    [plan.object, ended.map(([field]) => field), ended.map(([, { kind }]) => kind), ended.map(([, fate]) => ('to' in fate ? fate.to : null))]);
}

function listText(values: readonly string[] | null): string | null {
  return values === null ? null : JSON.stringify(values);
}
