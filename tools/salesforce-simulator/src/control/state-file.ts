import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { z } from 'zod';
import type { TokenStoreState } from '../oauth/token-store.ts';
import type { World } from '../oauth/world.ts';
import type { Row } from '../org/value.ts';
import type { SeedSize } from '../seed/sizes.ts';

const Values = z.record(z.string(), z.union([z.string(), z.number(), z.boolean(), z.null()]));
const Host = z.enum(['login', 'test', 'org']);
const State = z.object({
  version: z.literal(1),
  seed: z.number(),
  size: z.enum(['believable', 'small', 'empty']),
  /** When the org was seeded: its rows are made again from this. */
  seededAt: z.string(),
  signingKey: z.string(),
  publicKeys: z.array(z.string()),
  tokens: z.object({
    grants: z.array(z.object({
      id: z.string(), userId: z.string(), clientId: z.string(), scope: z.string(), host: Host, createdAtMs: z.number(), lastUsedAtMs: z.number(), refreshToken: z.string().optional().transform((token): string | undefined => token),
      retired: z.array(z.string()), revoked: z.boolean(),
    })),
    accessTokens: z.array(z.object({
      token: z.string(), grantId: z.string().optional().transform((id): string | undefined => id), userId: z.string(), clientId: z.string(), scope: z.string(), host: Host, issuedAtMs: z.number(), lifeMs: z.number(), expiresAtMs: z.number(),
      calls: z.number(), revoked: z.boolean(),
    })),
    issued: z.array(z.string()),
  }),
  /** Changed rows by object and id; null for a purged one. */
  rows: z.record(z.string(), z.record(z.string(), Values.nullable())),
  sequences: z.record(z.string(), z.number()),
  deletions: z.array(z.tuple([z.string(), z.array(z.object({ id: z.string(), at: z.string() }))])),
});
export type SavedState = z.infer<typeof State>;

/** @returns undefined when there is no file yet @throws ZodError, SyntaxError for a file that is no state */
export async function readState(path: string): Promise<SavedState | undefined> {
  try {
    return State.parse(JSON.parse(await readFile(path, 'utf8')));
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
    throw error;
  }
}

const quietMs = 400;

/** Writes what the seed does not give, soon after each change and at the end; whole or not at all. */
export class StateFile {
  readonly #path: string;
  readonly #about: { readonly world: World; readonly seed: number; readonly size: SeedSize; readonly seededAt: Date };
  #timer: NodeJS.Timeout | undefined;
  #writing: Promise<void> = Promise.resolve();
  #closed = false;

  constructor(path: string, about: { readonly world: World; readonly seed: number; readonly size: SeedSize; readonly seededAt: Date }) {
    this.#path = path;
    this.#about = about;
  }

  restore(saved: SavedState): void {
    const { org, tokens } = this.#about.world;
    const state: TokenStoreState = saved.tokens;
    tokens.restore(state);
    for (const [object, rows] of Object.entries(saved.rows)) {
      const table = org.table(object);
      if (table === undefined) continue;
      for (const [id, row] of Object.entries(rows)) {
        if (row === null) table.remove(id);
        else table.put(id, row);
        table.changed.add(id);
      }
    }
    for (const [object, sequence] of Object.entries(saved.sequences)) {
      const table = org.table(object);
      if (table !== undefined) table.nextSequence = sequence;
    }
    for (const [object, deletions] of saved.deletions) for (const { id, at } of deletions) org.deleteLog.add(object, id, at);
    org.version += 1;
  }

  /** Saves from now on. */
  watch(): void {
    const { org, tokens } = this.#about.world;
    const changed = (): void => this.#soon();
    org.onChange(changed);
    tokens.onChange = changed;
    changed();
  }

  async close(): Promise<void> {
    this.#closed = true;
    clearTimeout(this.#timer);
    await this.#write();
  }

  #soon(): void {
    if (this.#closed || this.#timer !== undefined) return;
    this.#timer = setTimeout(() => {
      this.#timer = undefined;
      void this.#write();
    }, quietMs);
    this.#timer.unref();
  }

  async #write(): Promise<void> {
    this.#writing = this.#writing.then(async () => {
      await mkdir(dirname(this.#path), { recursive: true });
      const beside = `${this.#path}.${process.pid}.tmp`;
      await writeFile(beside, JSON.stringify(this.#state()), { mode: 0o600 });
      await rename(beside, this.#path);
    }).catch((error: unknown) => process.emitWarning(`The simulator could not save its state: ${String(error)}`));
    await this.#writing;
  }

  #state(): SavedState {
    const { world, seed, size, seededAt } = this.#about;
    const tables = world.org.tables;
    return {
      version: 1, seed, size, seededAt: seededAt.toISOString(), signingKey: world.signingKey.pem, publicKeys: world.app.publicKeys, tokens: world.tokens.state(),
      rows: Object.fromEntries(tables.filter(({ changed }) => changed.size > 0).map((table) => [table.definition.name, Object.fromEntries([...table.changed].map((id): [string, Row | null] => [id, table.find(id) ?? null]))])),
      sequences: Object.fromEntries(tables.map((table) => [table.definition.name, table.nextSequence])),
      deletions: world.org.deleteLog.entries(),
    };
  }
}
