import type { ColumnPlan } from '../describe/column-plan.ts';
import { quoted, type Sql } from '../sql.ts';
import type { KnownField } from './drift.ts';

/** Fields of an object as the last describe had them; empty before the first. */
export async function knownFields(sql: Sql, schema: string, object: string): Promise<KnownField[]> {
  return (await sql.query<KnownField & { [column: string]: unknown }>(`select field, type, column_name is not null as "isCopied" from ${quoted(schema)}.field_catalogue where object = $1 and seen_until is null`, [object])).rows;
}

/** Keeps what describe says now; fields that vanished or changed their type are closed, never deleted. */
export async function keepFields(sql: Sql, schema: string, plan: ColumnPlan): Promise<void> {
  const catalogue = `${quoted(schema)}.field_catalogue`;
  const fields = [
    ...plan.columns.map(({ describe, column, type }) => ({ describe, column, type, because: null })),
    ...plan.excluded.map(({ field, because }) => ({ describe: field, column: null, type: null, because })),
  ];
  const present = `select * from unnest($2::text[], $3::text[], $4::text[], $5::text[], $6::text[], $7::int[], $8::int[], $9::bool[], $10::bool[], $11::int[], $12::text[], $13::text[], $14::text[])
    as p(field, label, type, column_name, column_type, precision, scale, custom, formula, position, excluded_because, relationship_name, reference_to)`;
  const values = [
    plan.object, fields.map(({ describe }) => describe.name), fields.map(({ describe }) => describe.label), fields.map(({ describe }) => describe.type), fields.map(({ column }) => column),
    fields.map(({ type }) => type), fields.map(({ describe }) => describe.precision ?? null), fields.map(({ describe }) => describe.scale ?? null), fields.map(({ describe }) => describe.custom),
    fields.map(({ describe }) => describe.calculated), fields.map((_field, index) => index), fields.map(({ because }) => because),
    fields.map(({ describe }) => describe.relationshipName ?? null), fields.map(({ describe }) => (describe.referenceTo ?? []).join()),
  ];
  await sql.query(
    `with p as (${present})
     update ${catalogue} k set seen_until = now() where k.object = $1 and k.seen_until is null
       and not exists (select 1 from p where p.field = k.field and p.type = k.type and p.column_name is not distinct from k.column_name and p.column_type is not distinct from k.column_type)`, values);
  await sql.query(
    `with p as (${present})
     insert into ${catalogue} (object, field, label, type, column_name, column_type, precision, scale, custom, formula, position, excluded_because, relationship_name, reference_to)
     select $1, field, label, type, column_name, column_type, precision, scale, custom, formula, position, excluded_because, relationship_name, string_to_array(reference_to, ',') from p
     on conflict (object, field) where seen_until is null do update set label = excluded.label, precision = excluded.precision, scale = excluded.scale, custom = excluded.custom,
       formula = excluded.formula, position = excluded.position, excluded_because = excluded.excluded_because,
       relationship_name = excluded.relationship_name, reference_to = excluded.reference_to`, values);
}
