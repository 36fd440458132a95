import { open, readFile } from 'node:fs/promises';

/** Bytes of memory a process held at most since its start. Linux. @throws when there is no such process */
export async function mostResidentBytes(pid: number): Promise<number> {
  const [, kilobytes] = /VmHWM:\s+(\d+) kB/.exec(await readFile(`/proc/${pid}/status`, 'utf8')) ?? [];
  if (kilobytes === undefined) throw new Error(`Nothing tells how much memory process ${pid} held.`);
  return Number(kilobytes) * 1_024;
}

const chunkBytes = 16 * 1024 * 1024;

/**
 * Which of some secrets stand in the writable memory of a process, whatever holds them there: one that was let go of and not yet overwritten too.
 * Linux; needs the right to read it.
 * @param secrets in one-byte characters; those with the same beginning are searched for together
 * @param beginningLength characters by which a place is found before it is compared whole
 */
export async function secretsInMemory(pid: number, secrets: readonly string[], beginningLength = 6): Promise<ReadonlySet<string>> {
  const known = new Set(secrets);
  const lengths = [...new Set(secrets.map(({ length }) => length))];
  const beginnings = [...new Set(secrets.map((secret) => secret.slice(0, beginningLength)))].map((beginning) => Buffer.from(beginning, 'latin1'));
  const overlap = Math.max(...lengths);
  const memory = await open(`/proc/${pid}/mem`, 'r');
  const bytes = Buffer.alloc(chunkBytes);
  const found = new Set<string>();
  try {
    for (const { from, to } of await writableRanges(pid)) {
      for (let at = from; at < to; at += chunkBytes - overlap) {
        const { bytesRead } = await memory.read(bytes, 0, Math.min(chunkBytes, to - at), at).catch(() => ({ bytesRead: 0 }));
        const read = bytes.subarray(0, bytesRead);
        for (const beginning of beginnings) for (const place of placesOf(read, beginning)) {
          for (const length of lengths) {
            const text = read.toString('latin1', place, place + length);
            if (known.has(text)) found.add(text);
          }
        }
      }
    }
  } finally {
    // What was read must not become another place in which secrets stand.
    bytes.fill(0);
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

function* placesOf(bytes: Buffer, text: Buffer): Generator<number> {
  for (let at = bytes.indexOf(text); at >= 0; at = bytes.indexOf(text, at + 1)) yield at;
}
