import { readdir, readFile } from 'node:fs/promises';

const ticksPerSecond = 100;

/** Seconds of processor time that a process and all it ever started have used, those that have ended included. */
export async function cpuSeconds(root: number): Promise<number> {
  const ticks = new Map<number, { parent: number; own: number }>();
  for (const name of await readdir('/proc')) {
    if (!/^\d+$/.test(name)) continue;
    const text = await readFile(`/proc/${name}/stat`, 'utf8').catch(() => undefined);
    // The program's name, in brackets, may hold anything.
    const fields = text?.slice(text.lastIndexOf(')') + 2).split(' ').map(Number);
    if (fields === undefined) continue;
    ticks.set(Number(name), { parent: fields[1] ?? 0, own: [11, 12, 13, 14].reduce((sum, field) => sum + (fields[field] ?? 0), 0) });
  }
  const used = (pid: number): number => (ticks.get(pid)?.own ?? 0) + [...ticks].reduce((sum, [child, { parent }]) => (parent === pid ? sum + used(child) : sum), 0);
  return used(root) / ticksPerSecond;
}

/** Megabytes a process held at most since its start. */
export async function peakMegabytes(pid: number): Promise<number> {
  const [, kilobytes = '0'] = /VmHWM:\s+(\d+)/.exec(await readFile(`/proc/${pid}/status`, 'utf8')) ?? [];
  return Math.round(Number(kilobytes) / 1_024);
}
