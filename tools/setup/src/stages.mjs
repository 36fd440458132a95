import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { ensureChromium } from './chromium.mjs';
import { none, sum } from './counts.mjs';
import { packagedNode } from './install.mjs';
import { forgetResults, projectsWith, readResults } from './results.mjs';
import { root } from './root.mjs';
import { environmentOfTools, watchParent } from './run-node.mjs';
import { startTestServers } from './test-servers.mjs';

/**
 * @typedef {{ name: string, passed: boolean, counts: import('./counts.mjs').Counts, note?: string, failures?: string[] }} StageResult
 */

/** Stages of the test command, in their order. The linter and the checker of types read all projects at once: what the projects share, they then read once. */
export const stages = {
  checks: () => checks('checks', ['run-many', '-t', 'typecheck-all', 'lint-all', '--parallel=2']),
  unit: unitStage,
  build: () => checks('build', ['run-many', '-t', 'build']),
  e2e: endToEndStage,
};

async function checks(name, parameters) {
  const passed = (await nx(parameters)) === 0;
  return { name, passed, counts: passed ? none : { ...none, failed: 1 } };
}

async function unitStage() {
  const servers = await startTestServers().catch((error) => ({ problem: error.message }));
  if ('problem' in servers) return { name: 'unit', passed: false, counts: { ...none, failed: 1 }, note: servers.problem };
  try {
    return await tests('unit', 'test', ['run-many', '-t', 'test', '--parallel=2'], servers.variables);
  } finally {
    await servers.stop();
  }
}

/**
 * The end-to-end stage where no browser is to be had: on somebody's own machine that is said loudly, on one that checks it is a failure.
 * @returns {{ said: string, result: StageResult }}
 */
export function withoutChromium(problem, required) {
  const said = `\n${'!'.repeat(80)}\nTHE END-TO-END TESTS ${required ? 'CANNOT RUN' : 'ARE SKIPPED'}: ${problem}.\n${'!'.repeat(80)}`;
  return { said, result: { name: 'e2e', passed: !required, counts: required ? { ...none, failed: 1 } : { ...none, skipped: 1 }, note: problem } };
}

async function endToEndStage() {
  const chromium = ensureChromium();
  if ('problem' in chromium) {
    const { said, result } = withoutChromium(chromium.problem, process.env['CI'] === 'true');
    console.log(said);
    return result;
  }
  return tests('e2e', 'e2e', ['run', '@tributary/e2e:e2e'], { TRIBUTARY_CHROMIUM: chromium.path });
}

async function tests(name, script, parameters, variables) {
  const projects = projectsWith(script);
  forgetResults(projects);
  const code = await nx(parameters, variables);
  const results = readResults(projects);
  const silent = results.filter(({ counts }) => counts === undefined).map(({ project }) => project);
  const counts = sum(results.map((result) => result.counts ?? { ...none, failed: 1 }));
  const passed = code === 0 && counts.failed === 0;
  return {
    name, passed, counts: passed || counts.failed > 0 ? counts : { ...counts, failed: 1 },
    failures: results.flatMap((result) => result.failures),
    ...(silent.length > 0 ? { note: `no result from ${silent.join(', ')}` } : {}),
  };
}

let running;
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) {
  process.on(signal, () => {
    running?.kill(signal);
    process.exitCode = 1;
    stopped = true;
  });
}
let stopped = false;
watchParent(() => process.kill(process.pid, 'SIGTERM'));

/** Whether the person asked to stop. */
export const isStopped = () => stopped;

function nx(parameters, variables = {}) {
  return new Promise((resolve) => {
    const env = environmentOfTools({ NX_DAEMON: 'false', NX_TUI: 'false', ...variables });
    running = spawn(packagedNode(), [join(root, 'node_modules', 'nx', 'dist', 'bin', 'nx.js'), ...parameters, '--output-style=static'], { cwd: root, stdio: 'inherit', env });
    running.once('error', () => resolve(1));
    running.once('exit', (code) => resolve(code ?? 1));
  });
}
