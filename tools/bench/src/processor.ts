import { readFile, readdir } from 'node:fs/promises';

/** Linux counts processor time in hundredths of a second. */
const ticksPerSecond = 100;

/** Seconds of processor time that a process, its children, and their children have used so far. */
export async function processorSeconds(root: number): Promise<number> {
  const known = await Promise.all((await readdir('/proc')).filter((name) => /^\d+$/.test(name)).map(read));
  const processes = known.filter((process) => process !== undefined);
  const family = new Set([root]);
  for (let grown = true; grown;) {
    const children = processes.filter(({ pid, parent }) => family.has(parent) && !family.has(pid));
    for (const { pid } of children) family.add(pid);
    grown = children.length > 0;
  }
  return processes.reduce((sum, { pid, ticks }) => (family.has(pid) ? sum + ticks : sum), 0) / ticksPerSecond;
}

/** Parent and ticks of a process, with those of its children that have ended; undefined when it has ended itself. */
async function read(name: string): Promise<{ readonly pid: number; readonly parent: number; readonly ticks: number } | undefined> {
  const text = await readFile(`/proc/${name}/stat`, 'utf8').catch(() => undefined);
  if (text === undefined) return undefined;
  // The name in brackets may hold spaces.
  const fields = text.slice(text.lastIndexOf(')') + 2).split(' ').map(Number);
  return { pid: Number(name), parent: fields[1] ?? 0, ticks: fields.slice(11, 15).reduce((sum, ticks) => sum + ticks, 0) };
}
