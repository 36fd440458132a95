import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startEmbeddedPostgres, type EmbeddedPostgres } from '@tributary/launcher';

/** A PostgreSQL of one test file, which may end it as a crash would. */
export class OwnPostgres {
  private constructor(
    private readonly folder: string,
    private server: EmbeddedPostgres,
  ) {}

  static async start(): Promise<OwnPostgres> {
    const folder = await mkdtemp(join(tmpdir(), 'tributary-postgres-'));
    return new OwnPostgres(folder, await startEmbeddedPostgres({ dataDir: join(folder, 'data'), superuserPassword: 'test' }));
  }

  /** Address of the superuser. */
  get url(): string {
    return this.server.url;
  }

  async kill(): Promise<void> {
    await this.server.kill();
  }

  /** Starts it again after `kill`, on the same port. */
  async restart(): Promise<void> {
    this.server = await startEmbeddedPostgres({ dataDir: join(this.folder, 'data'), superuserPassword: 'test', port: this.server.port });
  }

  async stop(): Promise<void> {
    await this.server.stop();
    await rm(this.folder, { recursive: true, force: true });
  }
}
