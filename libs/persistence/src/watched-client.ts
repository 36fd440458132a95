import type { Socket } from 'node:net';
import { Client, DatabaseError, type ClientConfig } from 'pg';

/** A statement that takes longer is looked after, so often. */
const lookEveryMs = 2_500;
/** So long a second connection may take to tell. */
const patienceMs = 3_500;
/** Looks in a row by which nothing is heard before the link counts as dead: an answer may just have been on its way. */
const looksUntilDead = 2;

/** What the server does about a statement: `waiting` for this side, while this side waits for it. */
type ServerSide = 'working' | 'waiting' | 'unreachable';

/** What is written while a COPY goes on: nobody waits for the server before its end. */
interface Submitted {
  readonly writableEnded?: boolean;
}

/**
 * A connection that notices when its link is dead although nobody has closed it: while a statement takes long and no byte comes or goes, another connection
 * asks the server whether it is at work on it. A statement may take as long as it likes; only one of which the server knows nothing ends, within fifteen seconds,
 * with the code `ETIMEDOUT`.
 */
export class WatchedClient extends Client {
  /** Process at the server; the driver's types leave it out. */
  declare readonly processID: number | null;
  readonly #config: ClientConfig;
  #timer: NodeJS.Timeout | undefined;
  #statement: Submitted | undefined;
  #moved = 0;
  #looks = 0;
  #isLooking = false;

  constructor(config: ClientConfig = {}) {
    super(config);
    this.#config = config;
    this.on('drain', () => this.#rest());
    this.on('end', () => this.#rest());
    // Every form of a query goes through the one method; its many signatures are those of the driver.
    const submit = this.query.bind(this) as (...values: unknown[]) => unknown;
    this.query = ((...values: unknown[]) => {
      this.#statement = typeof values[0] === 'object' && values[0] !== null && 'submit' in values[0] ? (values[0] as Submitted) : undefined;
      this.#timer ??= setInterval(() => void this.#look(), lookEveryMs).unref();
      return submit(...values);
    }) as typeof this.query;
  }

  #rest(): void {
    clearInterval(this.#timer);
    this.#timer = undefined;
    this.#looks = 0;
  }

  get #socket(): Socket {
    return this.connection.stream as Socket;
  }

  async #look(): Promise<void> {
    const { bytesRead, bytesWritten, writableLength } = this.#socket;
    const hasMoved = bytesRead + bytesWritten !== this.#moved;
    this.#moved = bytesRead + bytesWritten;
    // Rows that are still to be written keep the server waiting, not this side.
    const isOurTurn = this.#statement?.writableEnded === false && writableLength === 0;
    if (hasMoved || isOurTurn) this.#looks = 0;
    if (hasMoved || isOurTurn || this.#isLooking) return;
    this.#isLooking = true;
    const server = await this.#serverSide();
    this.#isLooking = false;
    if (this.#timer === undefined || this.#socket.bytesRead + this.#socket.bytesWritten !== this.#moved || server === 'working') {
      this.#looks = 0;
      return;
    }
    this.#looks += 1;
    if (this.#looks >= looksUntilDead) this.#socket.destroy(Object.assign(new Error('Connection terminated: the link to the database is dead'), { code: 'ETIMEDOUT' }));
  }

  async #serverSide(): Promise<ServerSide> {
    // A pool keeps the password where copying does not find it.
    const other = new Client({ ...this.#config, password: this.#config.password, connectionTimeoutMillis: patienceMs, query_timeout: patienceMs, application_name: 'tributary-link-check' });
    other.on('error', () => undefined);
    try {
      await other.connect();
      const { rows: [row] } = await other.query<{ is_waiting: boolean | string }>({ text: waiting, values: [this.processID] });
      // Behind a pooler the server may know this connection by another number: then nothing is known against it.
      if (row === undefined || !isTrue(row.is_waiting)) return 'working';
      // What it holds would be kept from everybody until the server notices by itself.
      if (this.#looks + 1 >= looksUntilDead) await other.query({ text: 'select pg_terminate_backend($1)', values: [this.processID] });
      return 'waiting';
    } catch (error) {
      // A server that refuses, because all its places are taken, is there.
      return error instanceof DatabaseError ? 'working' : 'unreachable';
    } finally {
      void other.end().catch(() => undefined);
    }
  }
}

const waiting = `select (state like 'idle%' and state_change < clock_timestamp() - interval '1 s') or (state = 'active' and wait_event in ('ClientRead', 'ClientWrite')) as is_waiting
  from pg_stat_activity where pid = $1 and usename = current_user and datname = current_database()`;

function isTrue(value: boolean | string): boolean {
  return value === true || value === 't';
}

/** For every pool: neither opening a connection nor anything on one whose link has died is waited for for ever. */
export const boundedConnections = { Client: WatchedClient, connectionTimeoutMillis: 10_000, keepAlive: true, keepAliveInitialDelayMillis: 5_000 } as const;
