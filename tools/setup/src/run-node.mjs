import { spawn } from 'node:child_process';
import { delimiter, dirname, join } from 'node:path';
import { packagedNode } from './install.mjs';
import { root } from './root.mjs';

/** This environment with the packaged Node and the installed programs first on the PATH. */
export function environmentOfTools(more = {}) {
  return { ...process.env, PATH: [dirname(packagedNode()), join(root, 'node_modules', '.bin'), process.env['PATH']].join(delimiter), ...more };
}

/**
 * Runs a program of the repository with the packaged Node in the foreground and ends with its exit code.
 * It gets every signal; when this process is killed, it notices by the channel between the two.
 */
export function becomeNode(script, parameters = []) {
  const child = spawn(packagedNode(), [join(root, script), ...parameters], { cwd: root, stdio: ['inherit', 'inherit', 'inherit', 'ipc'], env: environmentOfTools() });
  // The child tells one Ctrl-C that reaches it twice from two.
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal));
  child.once('error', (error) => {
    console.error(`The packaged Node cannot be run (${error.message}): delete node_modules and start again.`);
    process.exit(1);
  });
  child.once('exit', (code) => process.exit(code ?? 1));
  watchParent(() => child.kill('SIGTERM'));
}

/** npm that was killed cannot hand the signal on; its child sees that it has another parent. */
export function watchParent(onGone) {
  if (process.env['npm_lifecycle_event'] === undefined) return;
  const parent = process.ppid;
  const timer = setInterval(() => {
    if (process.ppid === parent) return;
    clearInterval(timer);
    onGone();
  }, 500).unref();
}
