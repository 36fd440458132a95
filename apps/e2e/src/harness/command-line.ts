import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';

export interface Ended {
  readonly exit: number;
  /** What was printed, read as JSON; on the standard error where the command did not succeed. */
  readonly answer: unknown;
}

/** Runs one command as somebody, by the program that `npx tributary` starts. */
export async function tributary(dataDir: string, as: string, ...parameters: string[]): Promise<Ended> {
  const program = join(import.meta.dirname, '..', '..', '..', '..', 'node_modules', '.bin', 'tributary');
  const { exit, stdout, stderr } = await promisify(execFile)(program, ['--data-dir', dataDir, '--as', as, '--json', ...parameters], { maxBuffer: 16 * 1024 * 1024 })
    .then((ended) => ({ exit: 0, ...ended }), (ended: { code: number; stdout: string; stderr: string }) => ({ exit: ended.code, ...ended }));
  return { exit, answer: JSON.parse(stdout === '' ? stderr : stdout) as unknown };
}
