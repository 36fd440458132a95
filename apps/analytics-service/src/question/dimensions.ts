import type { TimeGrain } from '@tributary/api-contracts';
import { InvalidInput, NotFound } from '@tributary/failures';
import { fieldOf, objectOf, type Catalogue, type Field } from '../warehouse/catalogue.ts';
import type { Dimension, FieldRef, Source } from './plan.ts';

const objectsOfSource: Readonly<Record<Source, string>> = { opportunity: 'Opportunity', account: 'Account', owner: 'User' };

interface NamedField {
  readonly field: string;
  readonly label: string;
  readonly people?: 'owner' | 'account';
  readonly order?: 'stage' | 'forecast_category';
}

const namedFields: Readonly<Record<string, NamedField>> = {
  stage: { field: 'StageName', label: 'Stage', order: 'stage' },
  owner: { field: 'OwnerId', label: 'Owner', people: 'owner' },
  account: { field: 'AccountId', label: 'Account', people: 'account' },
  forecast_category: { field: 'ForecastCategory', label: 'Forecast category', order: 'forecast_category' },
  type: { field: 'Type', label: 'Type' },
  lead_source: { field: 'LeadSource', label: 'Lead source' },
  record_type: { field: 'RecordTypeId', label: 'Record type' },
  currency: { field: 'CurrencyIsoCode', label: 'Currency' },
};

const namedBuckets: Readonly<Record<string, { readonly grain: TimeGrain; readonly label: string }>> = {
  fiscal_quarter: { grain: 'fiscal_quarter', label: 'Fiscal quarter' },
  fiscal_year: { grain: 'fiscal_year', label: 'Fiscal year' },
};

/** Names and patterns that every metric of Opportunity can be grouped and filtered by. */
export const allowedDimensions: readonly string[] = [...Object.keys(namedFields), ...Object.keys(namedBuckets), 'opportunity.<field>', 'account.<field>', 'owner.<field>'];

/** Label of the buckets of a time grain. */
export const grainLabels: Readonly<Record<TimeGrain, string>> = {
  day: 'Day', week: 'Week', month: 'Month', quarter: 'Quarter', year: 'Year', fiscal_month: 'Fiscal month', fiscal_quarter: 'Fiscal quarter', fiscal_year: 'Fiscal year',
};

/**
 * A dimension by its name or field path.
 * @throws InvalidInput `query.incompatible_dimension` naming the allowed ones, `query.unknown_field`; NotFound `OBJECT_NOT_COPIED`
 */
export function dimensionOf(catalogue: Catalogue, key: string): Dimension {
  const bucket = Object.hasOwn(namedBuckets, key) ? namedBuckets[key] : undefined;
  if (bucket !== undefined) return { kind: 'time', key, ...bucket };
  const named = Object.hasOwn(namedFields, key) ? namedFields[key] : undefined;
  const ref = fieldRefOf(catalogue, key);
  return { kind: 'field', key, label: named?.label ?? ref.field.label, ref, people: named?.people ?? null, order: named?.order ?? null };
}

/** What a filter on deals means: a field, or a bucket of time. @throws as `dimensionOf` */
export function filterTargetOf(catalogue: Catalogue, key: string): FieldRef | TimeGrain {
  const bucket = Object.hasOwn(namedBuckets, key) ? namedBuckets[key] : undefined;
  return bucket?.grain ?? fieldRefOf(catalogue, key);
}

/** The field a name or path means. @throws as `dimensionOf` */
export function fieldRefOf(catalogue: Catalogue, key: string): FieldRef {
  if (Object.hasOwn(namedFields, key)) return { source: 'opportunity', field: requireField(catalogue, 'Opportunity', namedFields[key]?.field ?? key) };
  const [head = '', name, ...rest] = key.split('.');
  const source = head.toLowerCase();
  if (name === undefined || name === '' || rest.length > 0 || !isSource(source)) throw incompatible(key);
  if (source !== 'opportunity') {
    requireField(catalogue, objectsOfSource[source], 'Id');
    requireField(catalogue, 'Opportunity', hopFields[source]);
  }
  return { source, field: requireField(catalogue, objectsOfSource[source], name) };
}

/** Fields of Opportunity that lead one hop away. */
export const hopFields = { account: 'AccountId', owner: 'OwnerId' } as const;

/** @throws InvalidInput `query.unknown_field`; NotFound `OBJECT_NOT_COPIED` */
export function requireField(catalogue: Catalogue, object: string, name: string): Field {
  const field = fieldOf(catalogue, object, name);
  if (field !== undefined) return field;
  if (objectOf(catalogue, object) === undefined) throw notCopied(object);
  throw new InvalidInput('query.unknown_field', `The field ${object}.${name} is not copied from this org.`, {
    action: 'Choose another field, or add it to the selection of this connection.', details: { object, field: name },
  });
}

export function notCopied(object: string): NotFound {
  return new NotFound('OBJECT_NOT_COPIED', `The object ${object} is not copied from this org.`, { action: 'Add the object to the selection of this connection.', details: { object } });
}

function isSource(name: string): name is Source {
  return Object.hasOwn(objectsOfSource, name);
}

function incompatible(key: string): InvalidInput {
  return new InvalidInput('query.incompatible_dimension', `Deals cannot be grouped or filtered by ${key}.`, {
    action: `Use one of ${allowedDimensions.join(', ')}.`, details: { dimension: key, allowed: [...allowedDimensions] },
  });
}
