import { z } from 'zod';

/** As much of JSON Schema 2020-12 as the contracts use. */
export interface JsonSchema {
  readonly $schema?: string;
  readonly $id?: string;
  readonly $ref?: string;
  readonly $defs?: Readonly<Record<string, JsonSchema>>;
  readonly title?: string;
  readonly description?: string;
  readonly type?: string | readonly string[];
  readonly format?: string;
  readonly pattern?: string;
  readonly const?: unknown;
  readonly default?: unknown;
  readonly enum?: readonly unknown[];
  readonly anyOf?: readonly JsonSchema[];
  readonly oneOf?: readonly JsonSchema[];
  readonly items?: JsonSchema;
  readonly maxItems?: number;
  readonly properties?: Readonly<Record<string, JsonSchema>>;
  readonly required?: readonly string[];
  readonly additionalProperties?: boolean | JsonSchema;
  readonly [member: string]: unknown;
}

/** The JSON Schema of a zod schema; `input` is what a client sends, `output` what it reads. */
export function jsonSchemaOf(schema: z.ZodType, io: 'input' | 'output' = 'output'): JsonSchema {
  return tidy(z.toJSONSchema(schema, { target: 'draft-2020-12', io, unrepresentable: 'any' })) as JsonSchema;
}

/** zod writes the limits of JavaScript's safe integers into every integer, and a pattern beside every format: both say nothing new. */
function tidy(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(tidy);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value)
    .filter(([name, each]) => !(Math.abs(Number(each)) === Number.MAX_SAFE_INTEGER && /^(maximum|minimum)$/.test(name)))
    .filter(([name]) => !(name === 'pattern' && 'format' in value))
    .map(([name, each]) => [name, tidy(each)]));
}
