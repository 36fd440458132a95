import { request } from 'node:http';

/** Whether a process listens on a socket of this machine; a second without an answer counts as none. */
export async function isAnswered(socketPath: string): Promise<boolean> {
  return new Promise((resolve) => {
    const probe = request({ socketPath, path: '/', method: 'GET', timeout: 1_000 }, (answer) => {
      answer.resume();
      resolve(true);
    });
    probe.once('error', () => resolve(false));
    probe.once('timeout', () => probe.destroy());
    probe.end();
  });
}
