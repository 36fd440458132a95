import { AsyncLocalStorage } from 'node:async_hooks';

type Named = (connectionId: string) => void;

/** For whom calls are made. */
interface Origin {
  connectionId: string | undefined;
  /** Waits for the connection. */
  readonly waiting: Named[];
}

// Which connection a call is for is known far above the client that makes it: nothing between has to hand it down.
const origins = new AsyncLocalStorage<Origin>();

/** Calls that `work` makes are those of a connection. */
export async function callsOf<T>(connectionId: string, work: () => Promise<T>): Promise<T> {
  return origins.run({ connectionId, waiting: [] }, work);
}

/** Calls that `work` makes become those of the connection it leads to; without one they are nobody's. */
export async function callsOfNew<T>(work: () => Promise<T>): Promise<T> {
  return origins.run({ connectionId: undefined, waiting: [] }, work);
}

/** Within `callsOfNew`: the connection is there. */
export function callsLedTo(connectionId: string): void {
  const origin = origins.getStore();
  if (origin === undefined) return;
  origin.connectionId = connectionId;
  for (const named of origin.waiting.splice(0)) named(connectionId);
}

/** Tells for which connection the present work makes calls: at once, or when it is there. */
export function whenNamed(named: Named): void {
  const origin = origins.getStore();
  if (origin?.connectionId === undefined) origin?.waiting.push(named);
  else named(origin.connectionId);
}
