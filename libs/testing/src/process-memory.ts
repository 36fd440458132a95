import { open, readFile } from 'node:fs/promises';

const chunkBytes = 16 * 1024 * 1024;

/** How often texts stand in the writable memory of a process, whatever holds them there. Needs the right to read it. */
export async function sightingsInMemory(pid: number, texts: readonly string[]): Promise<number> {
  const longest = Math.max(...texts.map((text) => text.length));
  const needles = texts.map((text) => Buffer.from(text, 'latin1'));
  const memory = await open(`/proc/${pid}/mem`, 'r');
  const bytes = Buffer.alloc(chunkBytes);
  let found = 0;
  try {
    for (const { from, to } of await writableRanges(pid)) {
      for (let at = from; at < to; at += chunkBytes - longest) {
        const { bytesRead } = await memory.read(bytes, 0, Math.min(chunkBytes, to - at), at).catch(() => ({ bytesRead: 0 }));
        found += needles.reduce((sum, needle) => sum + count(bytes.subarray(0, bytesRead), needle), 0);
      }
    }
  } finally {
    await memory.close();
  }
  return found;
}

async function writableRanges(pid: number): Promise<readonly { readonly from: number; readonly to: number }[]> {
  const lines = (await readFile(`/proc/${pid}/maps`, 'utf8')).split('\n');
  return lines.flatMap((line) => {
    const [, from, to] = /^([0-9a-f]+)-([0-9a-f]+) rw/.exec(line) ?? [];
    return from === undefined || to === undefined ? [] : [{ from: Number.parseInt(from, 16), to: Number.parseInt(to, 16) }];
  });
}

function count(bytes: Buffer, needle: Buffer): number {
  let found = 0;
  for (let at = bytes.indexOf(needle); at >= 0; at = bytes.indexOf(needle, at + needle.length)) found += 1;
  return found;
}
