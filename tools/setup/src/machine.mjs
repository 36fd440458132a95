/** Oldest Node that can run the setup; everything after it runs on the Node that is installed with the product. */
const oldestNode = 20;

/**
 * Why this machine cannot run the product, in one sentence; undefined when it can.
 * @param {{ platform: string, arch: string, nodeVersion: string }} machine
 * @returns {string | undefined}
 */
export function machineProblem({ platform, arch, nodeVersion }) {
  if (Number(nodeVersion.split('.')[0]) < oldestNode) return `Node ${nodeVersion} is too old: install Node ${oldestNode} or newer.`;
  if (platform !== 'linux') return `Tributary runs on Linux, not on ${platform}: use "docker compose up" or a Linux machine.`;
  if (arch !== 'x64' && arch !== 'arm64') return `Tributary runs on x64 and arm64 processors, not on ${arch}.`;
  return undefined;
}
