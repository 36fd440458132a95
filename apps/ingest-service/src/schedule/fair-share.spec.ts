import fc from 'fast-check';
import { expect, it } from 'vitest';
import { longAfterMs, nextRun, usualPlaces, type RunAtWork, type WaitingRun } from './fair-share.ts';

interface Open extends WaitingRun {
  /** Milliseconds of work it needs. */
  readonly needsMs: number;
}

/** Plays a queue to its end in steps of a second. @returns second in which each run began, and the most long runs and runs of one org at once */
function play(runs: readonly Open[]): { began: Map<string, number>; mostLong: number; mostOfOrg: number } {
  let waiting = [...runs];
  let atWork: (RunAtWork & { readonly id: string; readonly needsMs: number })[] = [];
  const began = new Map<string, number>();
  let [mostLong, mostOfOrg] = [0, 0];
  for (let second = 0; waiting.length + atWork.length > 0; second += 1) {
    atWork = atWork.map((run) => ({ ...run, workedMs: run.workedMs + 1_000 })).filter(({ workedMs, needsMs }) => workedMs < needsMs);
    waiting = waiting.map((run) => ({ ...run, waitedMs: run.waitedMs + 1_000 }));
    for (let next = nextRun(waiting, atWork); next !== undefined; next = nextRun(waiting, atWork)) {
      const chosen = waiting.find(({ id }) => id === next?.id);
      if (chosen === undefined) throw new Error('it chose a run that does not wait');
      waiting = waiting.filter((run) => run !== chosen);
      atWork.push({ id: chosen.id, workspace: chosen.workspace, org: chosen.org, kind: chosen.kind, workedMs: 0, needsMs: chosen.needsMs });
      began.set(chosen.id, second);
    }
    mostLong = Math.max(mostLong, atWork.filter(({ kind }) => kind === 'first').length);
    mostOfOrg = Math.max(mostOfOrg, ...[...Map.groupBy(atWork, ({ org }) => org).values()].map((list) => list.length));
    if (second > 100_000) throw new Error('some run is never begun');
  }
  return { began, mostLong, mostOfOrg };
}

const someRuns = fc.array(fc.record({
  workspace: fc.constantFrom('w1', 'w2', 'w3'), org: fc.constantFrom('o1', 'o2', 'o3', 'o4'), kind: fc.constantFrom('first', 'incremental'),
  waitedMs: fc.nat({ max: 60_000 }), needsMs: fc.integer({ min: 1_000, max: 3 * longAfterMs }),
}), { maxLength: 40 }).map((runs) => runs.map((run, index): Open => ({ ...run, id: String(index).padStart(3, '0'), kind: run.kind === 'first' ? 'first' : 'incremental' })));

it('begins every run in the end, keeps places free of long runs and of one org, and begins nothing it may not', () => {
  fc.assert(fc.property(someRuns, (runs) => {
    const { began, mostLong, mostOfOrg } = play(runs);
    expect(began.size).toBe(runs.length);
    expect(mostLong).toBeLessThanOrEqual(usualPlaces.long);
    expect(mostOfOrg).toBeLessThanOrEqual(usualPlaces.perOrg);
  }), { numRuns: 60 });
});

it('begins a small update at once however many first copies wait before it', () => {
  const firsts = Array.from({ length: 50 }, (_, n): Open => ({ id: `f${n}`, workspace: `w${n}`, org: `o${n}`, kind: 'first', waitedMs: 90_000, needsMs: 600_000 }));
  const { began } = play([...firsts, { id: 'small', workspace: 'z', org: 'z', kind: 'incremental', waitedMs: 0, needsMs: 1_000 }]);
  expect(began.get('small')).toBe(0);
});

it('lets a workspace with one connection wait for none of the hundred of another', () => {
  const crowd = Array.from({ length: 100 }, (_, n): Open => ({ id: `c${String(n).padStart(3, '0')}`, workspace: 'crowd', org: `o${n}`, kind: 'incremental', waitedMs: 60_000, needsMs: 2_000 }));
  const { began } = play([...crowd, { id: 'lone', workspace: 'lone', org: 'lone', kind: 'incremental', waitedMs: 0, needsMs: 2_000 }]);
  expect(began.get('lone')).toBe(0);
});

it('serves 500 small updates of one workspace in the order of their waiting', () => {
  const runs = Array.from({ length: 500 }, (_, n): Open => ({ id: String(n).padStart(3, '0'), workspace: 'w', org: `o${n}`, kind: 'incremental', waitedMs: 500 - n, needsMs: 1_000 }));
  const order = [...play(runs).began].toSorted(([, a], [, b]) => a - b).map(([id]) => id);
  expect(order).toEqual(runs.map(({ id }) => id));
});

it('counts what other processes work on into the places of an org and the share of a workspace', () => {
  const run = (id: string, workspace: string, org: string): WaitingRun => ({ id, workspace, org, kind: 'incremental', waitedMs: 0 });
  expect(nextRun([run('a', 'w1', 'o1')], [], Array.from({ length: 3 }, () => ({ workspace: 'w9', org: 'o1' })))).toBeUndefined();
  expect(nextRun([run('a', 'w1', 'o1'), run('b', 'w2', 'o2')], [], [{ workspace: 'w1', org: 'o9' }])?.id).toBe('b');
});
