import { chmodSync, copyFileSync, openSync, readSync, closeSync, statSync, truncateSync } from 'node:fs';

const mostBytes = 8 * 1024 * 1024;
const tailBytes = 64 * 1024;

/** A log that a child appends to; one older file is kept beside it. */
export class LogFile {
  readonly path: string;

  constructor(path: string) {
    this.path = path;
  }

  /** Descriptor to append to, which survives this process; the caller closes it. */
  open(): number {
    return openSync(this.path, 'a', 0o600);
  }

  sizeBytes(): number {
    return statSync(this.path, { throwIfNoEntry: false })?.size ?? 0;
  }

  /** Lines written since the file had `from` bytes, the last 64 KiB at most. */
  linesSince(from: number): string[] {
    const size = this.sizeBytes();
    const start = Math.max(from > size ? 0 : from, size - tailBytes);
    if (size === start) return [];
    const file = openSync(this.path, 'r');
    try {
      const bytes = Buffer.alloc(size - start);
      const read = readSync(file, bytes, 0, bytes.length, start);
      return bytes.toString('utf8', 0, read).split('\n').filter((line) => line.trim() !== '');
    } finally {
      closeSync(file);
    }
  }

  /** Keeps the file small. The child goes on appending to the same file, which is emptied, not replaced. */
  bound(): void {
    if (this.sizeBytes() <= mostBytes) return;
    copyFileSync(this.path, `${this.path}.1`);
    chmodSync(`${this.path}.1`, 0o600);
    truncateSync(this.path, 0);
  }
}
