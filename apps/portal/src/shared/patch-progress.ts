import type { QueryCache } from '@pinia/colada';
import type { LiveMessage, SyncRun } from '@tributary/api-contracts';
import { keys } from './keys.ts';

type Progress = Extract<LiveMessage, { type: 'sync.progress' }>;

/** Writes progress into the run that was read before. @returns whether there is one */
export function patchProgress(cache: QueryCache, message: Progress): boolean {
  const key = [...keys.syncRun(message.connectionId, message.runId)];
  const known = cache.getQueryData<SyncRun>(key);
  if (known === undefined) return false;
  cache.setQueryData(key, withProgress(known, message));
  return true;
}

/** The run with newer progress. A finished run takes none: hints may arrive late. */
export function withProgress(run: SyncRun, { objects, firstBoardSeconds, estimate }: Progress): SyncRun {
  if (run.status !== 'running') return run;
  const news = new Map(objects.map((progress) => [progress.object, progress]));
  const known = run.objects.map((object) => {
    const update = news.get(object.object);
    news.delete(object.object);
    // A hint that was overtaken on its way says less than what is known.
    return update === undefined || update.rowsDone < object.rowsDone ? object : { ...object, ...update };
  });
  return { ...run, firstBoardSeconds, estimate: estimate ?? run.estimate, objects: [...known, ...[...news.values()].map((progress) => ({ ...progress, receipts: [] }))] };
}
