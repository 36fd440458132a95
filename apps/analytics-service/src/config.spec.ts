import { expect, it } from 'vitest';
import { readConfig } from './config.ts';

const complete = { TRIBUTARY_DATA_DIR: '/data', DATABASE_URL: 'postgresql://analytics@localhost/tributary', NATS_URL: 'nats://analytics@localhost:4222' };

it('is complete with what a service needs, and has sound values for the rest', () => {
  expect(readConfig(complete)).toMatchObject({ engine: 'auto', duckdbThreads: 2, duckdbMemoryMb: 1_024, openCopies: 4, warehouseUrl: 'postgresql://analytics@localhost/tributary', copyFolder: '/data/analytics' });
});

it.each<[string, NodeJS.ProcessEnv]>([
  ['DATABASE_URL', { DATABASE_URL: '' }], ['WAREHOUSE_URL', { WAREHOUSE_URL: 'mysql://somewhere' }], ['TRIBUTARY_ANALYTICS_ENGINE', { TRIBUTARY_ANALYTICS_ENGINE: 'sqlite' }], ['TRIBUTARY_ANALYTICS_THREADS', { TRIBUTARY_ANALYTICS_THREADS: '0' }],
  ['TRIBUTARY_ANALYTICS_MEMORY_MB', { TRIBUTARY_ANALYTICS_MEMORY_MB: 'plenty' }], ['TRIBUTARY_ANALYTICS_OPEN_COPIES', { TRIBUTARY_ANALYTICS_OPEN_COPIES: '1.5' }], ['NATS_URL', { NATS_URL: '' }],
])('names %s when it is wrong, and not its value', (name, wrong) => {
  expect(() => readConfig({ ...complete, ...wrong })).toThrow(new RegExp(`^The configuration is wrong\\. (.*; )?${name}: `));
  const value = wrong[name] ?? '';
  if (value.length > 3) expect(() => readConfig({ ...complete, ...wrong })).not.toThrow(value);
});
