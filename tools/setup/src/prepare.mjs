import { machineProblem } from './machine.mjs';
import { installWhenNeeded } from './install.mjs';
import { root } from './root.mjs';

/** Goes to the repository, checks the machine and installs what is missing; ends the process with one sentence when that fails. */
export async function prepare() {
  try {
    process.chdir(root);
    const problem = machineProblem({ platform: process.platform, arch: process.arch, nodeVersion: process.versions.node });
    if (problem !== undefined) throw new Error(problem);
    await installWhenNeeded();
  } catch (error) {
    console.error(`\n${error.message}`);
    process.exit(1);
  }
}
