import { fork } from 'node:child_process';
import { join } from 'node:path';
import { packagedNode } from './install.mjs';
import { root } from './root.mjs';
import { environmentOfTools } from './run-node.mjs';

/**
 * Starts the servers that all projects' tests share.
 * @returns {Promise<{ variables: Record<string, string>, stop: () => Promise<void> }>}
 * @throws Error with the one sentence of what is in the way
 */
export async function startTestServers() {
  const child = fork(join(root, 'tools/launcher/src/testing/test-servers.ts'), [], { execPath: packagedNode(), execArgv: [], cwd: root, env: environmentOfTools(), detached: true });
  const exited = new Promise((resolve) => child.once('exit', resolve));
  const answer = await new Promise((resolve) => {
    child.once('message', resolve);
    child.once('error', (error) => resolve({ problem: error.message }));
    child.once('exit', () => resolve({ problem: 'the servers for the tests ended at once' }));
  });
  if (answer.problem !== undefined) throw new Error(answer.problem);
  const stop = async () => {
    if (child.connected) child.disconnect();
    await exited;
  };
  return { variables: { TRIBUTARY_TEST_POSTGRES_URL: answer.postgresUrl, NATS_SERVER_BIN: answer.natsServer }, stop };
}
