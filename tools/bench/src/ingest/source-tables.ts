import { opportunityFields } from './opportunity-fields.ts';

/** An object as the source has it: its fields with their types, and what its rows hold. */
export interface SourceTable {
  readonly name: string;
  readonly fields: readonly (readonly [name: string, type: string])[];
  readonly rows: number;
  /** Values of one row as texts; `round` changes what an increment changes. */
  values(index: number, round: number): readonly (string | number)[];
}

const stages = ['Prospecting', 'Qualification', 'Needs Analysis', 'Value Proposition', 'Negotiation/Review', 'Closed Won', 'Closed Lost'];

function idOf(prefix: string, number: number): string {
  return `${prefix}${number.toString(36).toUpperCase().padStart(12, '0')}AAC`;
}

function stampOf(at: Date): string {
  return at.toISOString().replace('Z', '+0000');
}

/** Spreads row numbers over the values. */
function mix(index: number): number {
  return (index * 2_654_435_761) >>> 0;
}

export function opportunities(rows: number): SourceTable {
  return {
    name: 'Opportunity', rows, fields: opportunityFields.map(([name, type]) => [name, type]),
    values: (index, round) => {
      const mixed = mix(index);
      const created = stampOf(new Date(1.6e12 + (mixed % 1.6e8) * 1_000));
      const changed = round === 0 ? created : stampOf(new Date());
      return [
        idOf('006', index), mixed % 97 === 0 ? 'true' : 'false', idOf('001', mixed % 90_000), `Deal ${index} of Müller "& Sons" GmbH, extension ${round}`, stages[mixed % 7] ?? '', ((mixed % 1e7) / 100).toFixed(2),
        mixed % 101, ((mixed % 1e7) / 200).toFixed(2), mixed % 3 === 0 ? '' : `${mixed % 50}.0`, created.slice(0, 10), mixed % 2 ? 'New Business' : 'Existing Business',
        mixed % 4 ? '' : 'Call the decision maker again, then send the offer', mixed % 5 ? 'Web' : 'Partner Referral', mixed % 2 ? 'true' : 'false', mixed % 3 ? 'false' : 'true', 'Pipeline',
        mixed % 6 ? '' : idOf('701', mixed % 900), idOf('005', mixed % 200), created, changed, changed, 2_020 + (mixed % 7),
      ];
    },
  };
}

const widths = ['string', 'currency', 'date', 'boolean', 'datetime', 'double'] as const;

/** A custom object with so many columns, of all types in turn. */
export function customObject(name: string, columns: number, rows: number): SourceTable {
  const own = Array.from({ length: columns - 3 }, (_column, index) => [`Field${index}__c`, widths[index % widths.length] ?? 'string'] as const);
  return {
    name, rows, fields: [['Id', 'id'], ['IsDeleted', 'boolean'], ['SystemModstamp', 'datetime'], ...own],
    values: (index, round) => {
      const mixed = mix(index);
      const at = stampOf(new Date(1.6e12 + (mixed % 1.6e8) * 1_000));
      const texts = { string: `Value ${mixed % 1_000}`, currency: ((mixed % 1e7) / 100).toFixed(2), date: at.slice(0, 10), boolean: mixed % 2 ? 'true' : 'false', datetime: at, double: `${mixed % 50}.5` };
      return [idOf('a00', index), 'false', round === 0 ? at : stampOf(new Date()), ...own.map(([, type]) => texts[type])];
    },
  };
}
