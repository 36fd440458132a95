import { z } from 'zod';
import { StorableText } from '../http/storable-text.ts';

/** The members of a field's describe that extraction needs. */
export const FieldDescribe = z.object({
  name: z.string(),
  label: StorableText.default(''),
  type: z.string(),
  soapType: z.string().optional(),
  length: z.number().optional(),
  precision: z.number().optional(),
  scale: z.number().optional(),
  custom: z.boolean().default(false),
  calculated: z.boolean().default(false),
  /** Text of a formula; null for a roll-up and for every other field. */
  calculatedFormula: StorableText.nullish(),
  /** Objects a reference can point to, and the name by which formulas and queries follow it. */
  referenceTo: z.array(z.string()).optional(),
  relationshipName: z.string().nullish(),
  /** What a picklist offers; values no longer offered are not active. */
  picklistValues: z.array(z.object({ value: StorableText, active: z.boolean().default(true) })).nullish().catch(undefined),
  encrypted: z.boolean().optional(),
  filterable: z.boolean().default(true),
  nillable: z.boolean().default(true),
  compoundFieldName: z.string().nullish(),
  deprecatedAndHidden: z.boolean().default(false),
});
export type FieldDescribe = z.infer<typeof FieldDescribe>;

/** The members of an object's describe that extraction needs. */
export const ObjectDescribe = z.object({
  name: z.string(),
  label: StorableText.default(''),
  custom: z.boolean().default(false),
  queryable: z.boolean().default(true),
  retrieveable: z.boolean().default(true),
  replicateable: z.boolean().default(false),
  /** What the connected user could do besides reading. */
  createable: z.boolean().optional(),
  updateable: z.boolean().optional(),
  deletable: z.boolean().optional(),
  fields: z.array(FieldDescribe),
});
export type ObjectDescribe = z.infer<typeof ObjectDescribe>;

export const GlobalDescribe = z.object({
  sobjects: z.array(z.object({
    name: z.string(),
    label: StorableText.default(''),
    custom: z.boolean().default(false),
    queryable: z.boolean().default(true),
    retrieveable: z.boolean().default(true),
    deprecatedAndHidden: z.boolean().default(false),
  })),
});
export type GlobalDescribe = z.infer<typeof GlobalDescribe>;
