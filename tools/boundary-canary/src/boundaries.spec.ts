import { describe, expect, it } from 'vitest';
import { lintNative, lintVirtual } from './linting.harness.ts';

const lint = lintVirtual();

/** An import that breaks the rules, where it stands, and the rule that has to notice. */
interface Plant {
  readonly file: string;
  readonly code: string;
  readonly rule: string;
  /** Part of the message, so that no other finding of the same rule can stand in. */
  readonly says: string;
}

const imports = (what: string): string => `import { it } from '${what}';\nexport const used = it;\n`;
const table = 'boundaries/dependencies';

const plants: Readonly<Record<string, Plant>> = {
  'a service imports another service': { file: 'apps/gateway/src/planted.ts', code: imports('../../auth-service/package.json'), rule: table, says: 'apps/auth-service' },
  'a service imports the portal': { file: 'apps/gateway/src/planted.ts', code: imports('../../portal/package.json'), rule: table, says: 'apps/portal' },
  'a service imports a tool': { file: 'apps/ingest-service/src/planted.ts', code: imports('../../../tools/salesforce-simulator/package.json'), rule: table, says: 'tools/salesforce-simulator' },
  'a tool imports a service': { file: 'tools/launcher/src/planted.ts', code: imports('../../../apps/gateway/src/config.ts'), rule: table, says: 'apps/gateway' },
  'a tool imports a platform library': { file: 'tools/launcher/src/planted.ts', code: imports('@tributary/persistence'), rule: table, says: 'libs/persistence' },
  'a library imports a service': { file: 'libs/messaging/src/planted.ts', code: imports('../../../apps/gateway/src/config.ts'), rule: table, says: 'apps/gateway' },
  'a platform library imports an adapter': { file: 'libs/persistence/src/planted.ts', code: imports('@tributary/salesforce-client'), rule: table, says: 'libs/salesforce-client' },
  'a contract imports a platform library': { file: 'libs/api-contracts/src/planted.ts', code: imports('@tributary/messaging'), rule: table, says: 'libs/messaging' },
  'the core imports a platform library': { file: 'libs/failures/src/planted.ts', code: imports('@tributary/service-kit'), rule: table, says: 'libs/service-kit' },
  'the portal imports a library of Node': { file: 'apps/portal/src/planted.ts', code: imports('@tributary/service-kit'), rule: table, says: 'libs/service-kit' },
  'the portal imports a library of Node for its types': { file: 'apps/portal/src/planted.ts', code: "import type { Clock } from '@tributary/service-kit';\nexport type Used = Clock;\n", rule: table, says: 'libs/service-kit' },
  'a component of the portal imports a library of Node': { file: 'apps/portal/src/Planted.vue', code: "<script setup lang=\"ts\">\nimport { it } from '@tributary/persistence';\n</script>\n\n<template><p>{{ it }}</p></template>\n", rule: table, says: 'libs/persistence' },
  'production code imports the test kit': { file: 'apps/gateway/src/planted.ts', code: imports('@tributary/testing'), rule: table, says: 'libs/testing' },
  'production code imports the test kit while it runs': { file: 'apps/gateway/src/planted.ts', code: "export const kit = await import('@tributary/testing');\n", rule: table, says: 'libs/testing' },
  'a file hands on what it may not import': { file: 'libs/failures/src/planted.ts', code: "export * from '@tributary/persistence';\n", rule: table, says: 'libs/persistence' },
  'a contract imports Nest': { file: 'libs/event-contracts/src/planted.ts', code: imports('@nestjs/common'), rule: table, says: 'must not import this package' },
  'the core imports the ORM': { file: 'libs/failures/src/planted.ts', code: imports('@mikro-orm/postgresql'), rule: table, says: 'must not import this package' },
  'the core imports modules of Node': { file: 'libs/failures/src/planted.ts', code: imports('node:fs'), rule: table, says: 'must not import modules of Node' },
  'the adapter imports Nest': { file: 'libs/salesforce-client/src/planted.ts', code: imports('@nestjs/common'), rule: table, says: 'must not import this package' },
  'the adapter imports the ORM': { file: 'libs/salesforce-client/src/planted.ts', code: imports('@mikro-orm/core'), rule: table, says: 'must not import this package' },
  'the portal imports modules of Node': { file: 'apps/portal/src/planted.ts', code: imports('node:fs'), rule: table, says: 'must not import modules of Node' },
  'the portal imports the database client': { file: 'apps/portal/src/planted.ts', code: imports('pg'), rule: table, says: 'must not import this package' },
  'a spec of a service imports another service': { file: 'apps/gateway/src/planted.spec.ts', code: imports('../../auth-service/package.json'), rule: table, says: 'apps/auth-service' },
  'a pure file imports the ORM': { file: 'apps/ingest-service/src/receipt/receipt.ts', code: imports('@mikro-orm/postgresql'), rule: 'tributary/pure-file', says: '@mikro-orm/postgresql in a pure file' },
  'a pure file imports the ORM for its types': { file: 'apps/ingest-service/src/receipt/receipt.ts', code: "import type { EntityManager } from '@mikro-orm/postgresql';\nexport type Used = EntityManager;\n", rule: 'tributary/pure-file', says: '@mikro-orm/postgresql in a pure file' },
  'a plain class imports the ORM': { file: 'apps/ingest-service/src/receipt/receipt.ts', code: "import { EntityManager } from '@mikro-orm/postgresql';\n\nexport class Receipts {\n  readonly em = EntityManager;\n}\n", rule: 'tributary/pure-file', says: '@mikro-orm/postgresql in a pure file' },
  'a pure file imports Nest': { file: 'apps/analytics-service/src/metric/win-rate.ts', code: imports('@nestjs/common'), rule: 'tributary/pure-file', says: '@nestjs/common in a pure file' },
};

describe('a planted violation is reported', () => {
  it.each(Object.entries(plants))('%s', async (_name, { file, code, rule, says }) => {
    expect(await lint(file, code)).toContainEqual({ rule, message: expect.stringContaining(says) });
  });
});

const allowed: Readonly<Record<string, readonly [file: string, code: string]>> = {
  'a service imports contracts, core, adapter and platform': ['apps/auth-service/src/planted.ts', ['event-contracts', 'api-contracts', 'failures', 'salesforce-client', 'messaging', 'persistence', 'service-kit'].map((name, at) => `import { it as it${at} } from '@tributary/${name}';`).join('\n') + '\nexport const used = [it0, it1, it2, it3, it4, it5, it6];\n'],
  'the portal imports contracts': ['apps/portal/src/planted.ts', imports('@tributary/api-contracts')],
  'a spec imports the test kit and the simulator': ['apps/ingest-service/src/planted.spec.ts', "import { it } from '@tributary/testing';\nimport { startSimulator } from '@tributary/salesforce-simulator';\nexport const used = [it, startSimulator];\n"],
  'a spec of the core imports modules of Node': ['libs/failures/src/planted.spec.ts', imports('node:util')],
  'a tool imports contracts and another tool': ['tools/launcher/src/planted.ts', "import { it } from '@tributary/event-contracts';\nimport { resolve } from '@tributary/salesforce-simulator';\nexport const used = [it, resolve];\n"],
  'a use case imports Nest and the ORM': ['apps/ingest-service/src/sync-run/start-sync-run.ts', "import { EntityManager } from '@mikro-orm/postgresql';\nimport { Injectable } from '@nestjs/common';\n\n@Injectable()\nexport class StartSyncRun {\n  constructor(private readonly em: EntityManager) {}\n}\n"],
  'a plain class uses the logger': ['apps/analytics-service/src/dataset/dataset.ts', "import { Logger } from '@nestjs/common';\n\nexport class Dataset {\n  readonly log = new Logger('dataset');\n}\n"],
  'a table imports the ORM': ['apps/ingest-service/src/receipt/receipt.entity.ts', imports('@mikro-orm/postgresql')],
  'the module of an app imports Nest': ['apps/ingest-service/src/ingest.module.ts', imports('@nestjs/common')],
};

describe('what the table allows passes without any finding', () => {
  it.each(Object.entries(allowed))('%s', async (_name, [file, code]) => {
    expect(await lint(file, code)).toEqual([]);
  });
});

it('two files that import each other are noticed, also over a third one', async () => {
  const next = (name: string): string => `import { it } from './${name}.ts';\nexport const used: unknown = it;\nexport { used as it };\n`;
  const said = await lintNative({ 'one.ts': next('two'), 'two.ts': next('three'), 'three.ts': next('one'), 'outside.ts': next('one') });
  for (const name of ['one', 'two', 'three']) expect(said.get(`${name}.ts`), name).toContain('import(no-cycle)');
  expect(said.get('outside.ts')).toBeUndefined();
});
