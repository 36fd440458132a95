import { randomUUID } from 'node:crypto';
import { mkdir, open, readFile, readdir, rename, rm, stat, statfs } from 'node:fs/promises';
import { join } from 'node:path';
import { Inject, Injectable } from '@nestjs/common';
import { Unavailable } from '@tributary/failures';
import { CONFIG, type AuthConfig } from '../config.ts';

/** An answer of Salesforce on disk that may not be in the database yet. */
export interface EscrowEntry {
  readonly file: string;
  readonly grantId: string;
  /** Epoch whose refresh token was presented. */
  readonly epoch: number;
}

/** An answer that came when another token set had taken its place already: its refresh token may be the only good one, or one whose use ends the grant. */
export interface StrayAnswer extends EscrowEntry {
  /** Epoch of the token set that had taken its place. */
  readonly presentEpoch: number;
}

const namePattern = /^([0-9a-f-]{36})\.(\d+)\.[0-9a-f-]{36}\.sealed$/;
const strayPattern = /^([0-9a-f-]{36})\.(\d+)\.[0-9a-f-]{36}\.(\d+)\.stray$/;
/** What a crash leaves of a write: half an answer, or the proof that one could be written. */
const leftOverPattern = /\.part$|^probe-/;
/** Another process with the same folder may be writing at this moment; nothing takes that long. */
const leftOverAfterMs = 60_000;
const leastFreeBytes = 16 * 1024 * 1024;
const trustProofMs = 1_000;

/**
 * Sealed answers on disk, one file each, flushed with their folder before the database hears of them: between the answer and the commit
 * they are the only copy of a rotated token.
 */
@Injectable()
export class Escrow {
  readonly #folder: string;
  #provenAt = Number.NEGATIVE_INFINITY;

  constructor(@Inject(CONFIG) { dataFolder }: Pick<AuthConfig, 'dataFolder'>) {
    this.#folder = join(dataFolder, 'escrow');
  }

  /** Proves within the last second that an answer could be kept. @throws Unavailable `ESCROW_NOT_WRITABLE` */
  async preflight(): Promise<void> {
    if (performance.now() - this.#provenAt < trustProofMs) return;
    try {
      await mkdir(this.#folder, { recursive: true, mode: 0o700 });
      const { bavail, bsize } = await statfs(this.#folder);
      if (bavail * bsize < leastFreeBytes) throw new Error('the disk is full');
      const probe = join(this.#folder, `probe-${randomUUID()}`);
      await this.#write(probe, Buffer.alloc(4_096));
      await rm(probe);
      this.#provenAt = performance.now();
    } catch (cause) {
      throw new Unavailable('ESCROW_NOT_WRITABLE', 'Tokens cannot be kept safely at the moment, so none is asked for.', { cause, retryAfterMs: 10_000, action: 'The operator must check disk and data folder.' });
    }
  }

  /** Keeps a sealed answer. @returns its entry, to be removed once the answer is committed */
  async keep(grantId: string, epoch: number, sealed: Buffer): Promise<EscrowEntry> {
    const file = join(this.#folder, `${grantId}.${epoch}.${randomUUID()}.sealed`);
    await this.#write(file, sealed);
    return { file, grantId, epoch };
  }

  async entries(grantId?: string): Promise<readonly EscrowEntry[]> {
    const names = await readdir(this.#folder).catch(() => []);
    const entries = names.flatMap((name) => {
      const [, id, epoch] = namePattern.exec(name) ?? [];
      return id === undefined || epoch === undefined ? [] : [{ file: join(this.#folder, name), grantId: id, epoch: Number(epoch) }];
    });
    return grantId === undefined ? entries : entries.filter((entry) => entry.grantId === grantId);
  }

  /** Takes an answer out of those to be committed and keeps it. Another process with the same folder may have done so. */
  async setAside({ file }: EscrowEntry, presentEpoch: number): Promise<void> {
    await rename(file, file.replace(/sealed$/, `${presentEpoch}.stray`)).catch((error: unknown) => {
      if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
    });
  }

  async strays(): Promise<readonly StrayAnswer[]> {
    const names = await readdir(this.#folder).catch(() => []);
    return names.flatMap((name) => {
      const [, grantId, epoch, presentEpoch] = strayPattern.exec(name) ?? [];
      return grantId === undefined ? [] : [{ file: join(this.#folder, name), grantId, epoch: Number(epoch), presentEpoch: Number(presentEpoch) }];
    });
  }

  /** How long ago an answer came, in milliseconds by this machine's clock, which dated it. */
  async ageMs({ file }: EscrowEntry): Promise<number> {
    return Date.now() - (await stat(file)).mtimeMs;
  }

  /** Deletes what a crash in the middle of a write has left. It is no answer: one is whole, under its own name, before anybody relies on it. */
  async removeLeftOvers(): Promise<void> {
    for (const name of (await readdir(this.#folder).catch(() => [])).filter((candidate) => leftOverPattern.test(candidate))) {
      const file = join(this.#folder, name);
      const { mtimeMs } = await stat(file).catch(() => ({ mtimeMs: Number.POSITIVE_INFINITY }));
      if (Date.now() - mtimeMs > leftOverAfterMs) await rm(file, { force: true });
    }
  }

  async read({ file }: EscrowEntry): Promise<Buffer> {
    return readFile(file);
  }

  async remove({ file }: EscrowEntry): Promise<void> {
    await rm(file, { force: true });
  }

  /** A file of that name is whole: a crash in the middle leaves one that nobody takes for an answer. */
  async #write(file: string, bytes: Buffer): Promise<void> {
    const handle = await open(`${file}.part`, 'wx', 0o600);
    try {
      await handle.writeFile(bytes);
      await handle.sync();
    } finally {
      await handle.close();
    }
    await rename(`${file}.part`, file);
    const folder = await open(this.#folder, 'r');
    try {
      await folder.sync();
    } finally {
      await folder.close();
    }
  }
}
