import { readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { endProcess } from './end-process.ts';
import { processIdentity, type ProcessIdentity } from './process-identity.ts';

/** What runs at the moment, for tests and for the next start; no secrets. */
export interface RunState {
  /** Address people open; absent until the product is ready. */
  readonly url?: string;
  readonly simulatorOrigin?: string;
  readonly ports: Readonly<Record<string, number>>;
  readonly processes: Readonly<Record<string, ProcessIdentity>>;
}

const nothing: RunState = { ports: {}, processes: {} };

/** `run.json` in the data folder, replaced at once on every change. */
export class RunFile {
  readonly #path: string;
  #state: RunState = nothing;

  constructor(path: string) {
    this.#path = path;
  }

  update(change: Partial<RunState>): void {
    this.#state = { ...this.#state, ...change, ports: { ...this.#state.ports, ...change.ports }, processes: { ...this.#state.processes, ...change.processes } };
    writeFileSync(`${this.#path}.new`, `${JSON.stringify(this.#state, null, 2)}\n`, { mode: 0o600 });
    renameSync(`${this.#path}.new`, this.#path);
  }

  started(name: string, pid: number): void {
    const identity = processIdentity(pid);
    if (identity !== undefined) this.update({ processes: { [name]: identity } });
  }

  remove(): void {
    rmSync(this.#path, { force: true });
  }
}

/** State of a data folder; empty when nothing runs or the file is damaged. */
export function readRunState(path: string): RunState {
  try {
    return parseRunState(JSON.parse(readFileSync(path, 'utf8')));
  } catch {
    return nothing;
  }
}

function parseRunState(value: unknown): RunState {
  if (typeof value !== 'object' || value === null) return nothing;
  const { url, simulatorOrigin, ports, processes } = value as Record<string, unknown>;
  return {
    ...(typeof url === 'string' ? { url } : {}),
    ...(typeof simulatorOrigin === 'string' ? { simulatorOrigin } : {}),
    ports: Object.fromEntries(Object.entries(ports ?? {}).filter((entry): entry is [string, number] => typeof entry[1] === 'number')),
    processes: Object.fromEntries(Object.entries(processes ?? {}).filter((entry): entry is [string, ProcessIdentity] => isIdentity(entry[1]))),
  };
}

function isIdentity(value: unknown): value is ProcessIdentity {
  return typeof value === 'object' && value !== null && 'pid' in value && 'startedAt' in value && typeof value.pid === 'number' && typeof value.startedAt === 'string';
}

/** Ends what a killed launcher left behind; PostgreSQL's own way to end in good order is SIGINT. */
export async function endLeftOvers(path: string): Promise<void> {
  const { processes } = readRunState(path);
  const launcher = processIdentity(process.pid);
  const left = Object.entries(processes).filter(([name, { pid }]) => name !== 'launcher' && pid !== launcher?.pid);
  const end = ([name, identity]: [string, ProcessIdentity]): Promise<boolean> => endProcess(identity, [
    { signal: name === 'postgresql' ? 'SIGINT' : 'SIGTERM', waitMs: 8_000 }, { signal: 'SIGKILL', waitMs: 5_000 },
  ]);
  const isPostgres = ([name]: [string, ProcessIdentity]): boolean => name === 'postgresql';
  await Promise.all(left.filter((one) => !isPostgres(one)).map(end));
  await Promise.all(left.filter(isPostgres).map(end));
}
