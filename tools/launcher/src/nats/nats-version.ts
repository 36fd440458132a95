import { runProgram } from '../supervise/run-program.ts';

/** Oldest server the messaging library is written for. */
export const oldestVersion = '2.9.0';

/** Oldest server that is preferred to fetching one: it can write every message to disk before it answers. */
export const preferredVersion = '2.10.0';

/** Version a nats-server program reports, or undefined when it does not run. */
export async function natsVersionOf(program: string): Promise<string | undefined> {
  const { code, stdout, stderr } = await runProgram(program, ['--version'], { timeoutMs: 10_000 });
  return code === 0 ? /v?(\d+\.\d+\.\d+)/.exec(stdout + stderr)?.[1] : undefined;
}

/** Whether `version` is `least` or newer. */
export function isAtLeast(version: string, least: string): boolean {
  const [have, want] = [version, least].map((text) => text.split('.').map(Number));
  for (const [index, part] of (want ?? []).entries()) {
    const own = have?.[index] ?? 0;
    if (own !== part) return own > part;
  }
  return true;
}
