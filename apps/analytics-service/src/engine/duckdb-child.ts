import { CopyDatabase } from './child/copy-database.ts';
import type { ChildError, ChildReply, ChildRequest } from './protocol.ts';

// Entry of the child process: one analysis copy, no database address, no keys. Its parent sends tasks and gets replies.
const database = new CopyDatabase();

process.on('message', (request: ChildRequest) => void answer(request));
// A child never outlives the service.
process.on('disconnect', () => process.exit(0));

async function answer(request: ChildRequest): Promise<void> {
  try {
    reply({ id: request.id, rssBytes: process.memoryUsage.rss(), result: await database.run(request) });
  } catch (error) {
    reply({ id: request.id, rssBytes: process.memoryUsage.rss(), error: childError(error) });
  }
}

function reply(message: ChildReply): void {
  if (process.connected) process.send?.(message);
}

function childError(error: unknown): ChildError {
  const message = error instanceof Error ? error.message : String(error);
  const kind = /interrupt/i.test(message) ? 'interrupted' : /out of memory|failed to (allocate|pin)/i.test(message) ? 'memory' : 'failed';
  return { kind, message };
}
