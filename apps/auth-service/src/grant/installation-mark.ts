import { randomUUID } from 'node:crypto';
import { mkdir, open, readFile, rename } from 'node:fs/promises';
import { join } from 'node:path';
import { Inject, Injectable } from '@nestjs/common';
import { Unavailable } from '@tributary/failures';
import { SqlPool } from '@tributary/persistence';
import { z } from 'zod';
import { CONFIG, type AuthConfig } from '../config.ts';
import { InstanceIdentity } from './instance-identity.ts';
import { RefreshStops } from './refresh-stops.ts';

const Mark = z.object({ installation: z.string(), generation: z.number() });
type Mark = z.infer<typeof Mark>;

interface Advanced extends Mark {
  /** What the database said before. */
  readonly before: number;
}

const trustProofMs = 1_000;
const stops = {
  older: { cause: 'restore-unconfirmed', text: 'The database is older than this installation: it was restored, and may hold refresh tokens that were replaced since. Refreshing waits until the restore is confirmed.' },
  copy: { cause: 'restore-unconfirmed', text: 'This data folder has never worked with this database, and none of those that did is running: it may be a copy. Refreshing waits until the restore is confirmed.' },
} as const;

/**
 * A number that only grows, in the database and in the data folder: a database that was restored shows by being behind.
 * Advancing it is also the proof, before each refresh, that database and disk take what Salesforce will answer.
 */
@Injectable()
export class InstallationMark {
  readonly #file: string;
  #provenAt = Number.NEGATIVE_INFINITY;

  constructor(
    private readonly pool: SqlPool,
    private readonly refreshStops: RefreshStops,
    private readonly identity: InstanceIdentity,
    @Inject(CONFIG) { dataFolder }: Pick<AuthConfig, 'dataFolder'>,
  ) {
    this.#file = join(dataFolder, 'installation-mark.json');
  }

  /** At start: is this database the one this folder has worked with, as it was left? */
  async begin(): Promise<void> {
    if ((await this.#read()) === undefined && (await this.#isStranger())) await this.refreshStops.raise('restore', stops.copy, null);
    await this.advance();
  }

  /**
   * Counts on, in the database and then on disk; within a second only once.
   * @throws Unavailable `DATABASE_NOT_WRITABLE`, `DISK_NOT_WRITABLE`
   */
  async advance(): Promise<void> {
    if (performance.now() - this.#provenAt < trustProofMs) return;
    const known = await this.#read();
    const { installation, before, generation } = await this.#count();
    if (known !== undefined && (known.installation !== installation || known.generation > before)) await this.refreshStops.raise('restore', stops.older, null);
    await this.#write({ installation, generation }).catch((cause: unknown) => {
      throw new Unavailable('DISK_NOT_WRITABLE', 'Tokens cannot be kept safely at the moment, so none is asked for.', { cause, retryAfterMs: 10_000, action: 'The operator must check disk and data folder.' });
    });
    this.#provenAt = performance.now();
  }

  /** The next refresh has to prove again that database and disk are there. */
  distrust(): void {
    this.#provenAt = Number.NEGATIVE_INFINITY;
  }

  /** The operator has looked at a restored installation: it goes on with what it has. @returns whether refreshing had been suspended */
  async confirmRestore(): Promise<boolean> {
    this.distrust();
    await this.#count();
    return this.refreshStops.lift('restore');
  }

  /** The clock of the database keeps the number ahead of every folder's, also after a restore was confirmed. */
  async #count(): Promise<Advanced> {
    try {
      const { rows: [row] } = await this.pool.query<Advanced>(
        `with before as (select id, generation from installation for update),
              seen as (insert into instance (id) values ($1) on conflict (id) do update set seen_at = now())
         update installation i set generation = greatest(before.generation + 1, floor(extract(epoch from clock_timestamp()) * 1000)::bigint) from before where before.id = i.id
         returning i.id as installation, before.generation::float8 as before, i.generation::float8 as generation`, [this.identity.instance]);
      if (row === undefined) throw new Error('there is no installation');
      return row;
    } catch (cause) {
      throw new Unavailable('DATABASE_NOT_WRITABLE', 'Tokens cannot be kept safely at the moment, so none is asked for.', { cause, retryAfterMs: 5_000 });
    }
  }

  async #isStranger(): Promise<boolean> {
    const { rows: [row] } = await this.pool.query<{ readonly stranger: boolean }>(
      `select exists (select from instance where id <> $1) and not exists (select from instance where seen_at > now() - interval '10 minutes')
          and exists (select from oauth_grant where state = 'live' and kind = 'user') as stranger`, [this.identity.instance]);
    return row?.stranger === true;
  }

  async #read(): Promise<Mark | undefined> {
    try {
      return Mark.parse(JSON.parse(await readFile(this.#file, 'utf8')));
    } catch {
      return undefined;
    }
  }

  async #write(mark: Mark): Promise<void> {
    const draft = `${this.#file}.${randomUUID()}`;
    await mkdir(join(this.#file, '..'), { recursive: true });
    const handle = await open(draft, 'wx', 0o600);
    try {
      await handle.writeFile(JSON.stringify(mark));
      await handle.sync();
    } finally {
      await handle.close();
    }
    await rename(draft, this.#file);
  }
}
