/** Fields of every type in turn, with long names. */
export const manyFields = (count: number) => Array.from({ length: count }, (_, index) => ({ name: `Field_with_a_long_name_${String(index).padStart(5, '0')}__c`, type: types[index % types.length] ?? 'string' }));

const types = ['string', 'currency', 'double', 'date', 'datetime', 'boolean', 'int', 'textarea'] as const;

/** The most this process, the simulator and the tests in it included, holds while work goes on, in bytes. */
export async function mostMemory(work: () => Promise<unknown>): Promise<number> {
  let most = 0;
  const look = setInterval(() => (most = Math.max(most, process.memoryUsage.rss())), 20);
  await work().finally(() => clearInterval(look));
  return most;
}
