// `npm run test:long`: the tests that `npm test` plays at a small size, at their full one, which takes an hour or more. `npm run test:long -- model` plays some of them.
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { packagedNode } from './src/install.mjs';
import { prepare } from './src/prepare.mjs';
import { root } from './src/root.mjs';
import { environmentOfTools } from './src/run-node.mjs';

const runs = {
  refresh: { project: 'apps/auth-service', file: 'src/grant/refresh-processes.spec.ts', size: { TRIBUTARY_TEST_ROUNDS: '1000', TRIBUTARY_TEST_SEEDS: '100' } },
  'lost-answers': { project: 'apps/auth-service', file: 'src/grant/answer-lost-at-each-byte.spec.ts', size: { TRIBUTARY_TEST_BYTE_STEP: '1' } },
  rotation: { project: 'apps/auth-service', file: 'src/operation/rotation-at-work.spec.ts', size: { TRIBUTARY_TEST_CONNECTIONS: '2000' } },
  states: { project: 'apps/auth-service', file: 'src/connection/connection-changes.spec.ts', size: { TRIBUTARY_TEST_RUNS: '500' } },
  sealing: { project: 'apps/auth-service', file: 'src/vault/envelope.spec.ts', size: { TRIBUTARY_TEST_IVS: '1000000' } },
  workspaces: { project: 'libs/persistence', file: 'src/workspace-scope.spec.ts', size: { TRIBUTARY_TEST_SCOPED_REQUESTS: '100000' } },
  'hostile-input': { project: 'apps/e2e', file: 'src/hostile-input.spec.ts', size: { TRIBUTARY_TEST_TEXT_STEP: '1' } },
  'wide-org': { project: 'apps/ingest-service', file: 'src/sync-run/wide-org.spec.ts', size: { TRIBUTARY_TEST_ORG_OBJECTS: '200', TRIBUTARY_TEST_ORG_ROWS: '500', TRIBUTARY_TEST_WIDE_ROWS: '20000' } },
  model: { project: 'apps/ingest-service', file: 'src/model', size: { TRIBUTARY_TEST_SEEDS: process.env['TRIBUTARY_TEST_SEEDS'] ?? '2000' } },
};

const wanted = process.argv.slice(2);
const unknown = wanted.filter((name) => !(name in runs));
if (unknown.length > 0) {
  console.error(`There is no long run ${unknown.join(', ')}: choose from ${Object.keys(runs).join(', ')}.`);
  process.exit(1);
}

await prepare();
const failed = Object.entries(runs).filter(([name]) => wanted.length === 0 || wanted.includes(name)).filter(([name, { project, file, size }]) => {
  console.log(`\n━━ ${name}: ${Object.entries(size).map((pair) => pair.join('=')).join(' ')} ${file}\n`);
  return spawnSync(packagedNode(), [join(root, 'node_modules', 'vitest', 'vitest.mjs'), 'run', file], { cwd: join(root, project), stdio: 'inherit', env: environmentOfTools(size) }).status !== 0;
});
console.log(failed.length === 0 ? '\nAll passed.' : `\nFAILED: ${failed.map(([name]) => name).join(', ')}`);
process.exit(failed.length === 0 ? 0 : 1);
