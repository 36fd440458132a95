/** Fields of every type in turn, with long names. */
export const manyFields = (count: number) => Array.from({ length: count }, (_, index) => ({ name: `Field_with_a_long_name_${String(index).padStart(5, '0')}__c`, type: types[index % types.length] ?? 'string' }));

const types = ['string', 'currency', 'double', 'date', 'datetime', 'boolean', 'int', 'textarea'] as const;

/**
 * Values of `manyFields` as people fill a wide object: about three in ten columns of a record, others in each, and every checkbox; few texts are long.
 * @returns the value of a field in the record of a number; null when it is empty
 */
export function fewValues(fields: ReturnType<typeof manyFields>): (field: string, index: number) => string | number | boolean | null {
  const columns = new Map(fields.map(({ name, type }, column) => [name, { type, column }]));
  return (field, index) => {
    const { type, column } = columns.get(field) ?? { type: 'string', column: 0 };
    return type === 'boolean' || (column * 7 + index * 13) % 10 < 3 ? valueOf(type, column + index) : null;
  };
}

/** Values of `manyFields` in an object of which each record has all of its columns filled, with texts that are longer than what stays in a row of PostgreSQL. */
export function allValues(fields: ReturnType<typeof manyFields>): (field: string, index: number) => string | number | boolean {
  const columns = new Map(fields.map(({ name, type }, column) => [name, { type, column }]));
  return (field, index) => {
    const { type, column } = columns.get(field) ?? { type: 'string', column: 0 };
    const value = valueOf(type, column + index);
    return typeof value === 'string' && type !== 'date' && type !== 'datetime' ? `${value} (of record ${index})` : value;
  };
}

function valueOf(type: (typeof types)[number], number: number): string | number | boolean {
  switch (type) {
    case 'boolean': return number % 3 === 0;
    case 'int': return number % 1_000;
    case 'double': case 'currency': return (number % 100_000) + (number % 100) / 100;
    case 'date': return new Date(Date.UTC(2_020, 0, 1 + (number % 2_000))).toISOString().slice(0, 10);
    case 'datetime': return new Date(Date.UTC(2_020, 0, 1, 0, 0, number)).toISOString();
    case 'string': return `Müller "& Sons", ${number}`;
    case 'textarea': return `Called on day ${number}.\n${'They will decide, and call again. '.repeat(number % 23 === 0 ? 60 : number % 4)}`;
    default: return type satisfies never;
  }
}

/** The most this process, the simulator and the tests in it included, holds while work goes on, in bytes. */
export async function mostMemory(work: () => Promise<unknown>): Promise<number> {
  let most = 0;
  const look = setInterval(() => (most = Math.max(most, process.memoryUsage.rss())), 20);
  await work().finally(() => clearInterval(look));
  return most;
}
