import { setImmediate as turn } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { SharedRoundTrip } from './shared-round-trip.ts';

interface Trip {
  readonly questions: readonly number[];
  readonly answer: () => void;
  readonly fail: (error: Error) => void;
}

/** A far side whose answers the test gives by hand. */
function someTrips(): { readonly trips: Trip[]; readonly shared: SharedRoundTrip<number, string> } {
  const trips: Trip[] = [];
  const shared = new SharedRoundTrip<number, string>((questions) => {
    const { promise, resolve, reject } = Promise.withResolvers<string[]>();
    trips.push({ questions, answer: () => resolve(questions.map((question) => `answer ${question}`)), fail: reject });
    return promise;
  }, { atOnce: 2, mostQuestions: 4 });
  return { trips, shared };
}

describe('questions asked together', () => {
  it('travel together, and each gets its own answer', async () => {
    const { trips, shared } = someTrips();
    const answers = Promise.all([1, 2, 3].map((question) => shared.answerTo(question)));
    await turn();
    expect(trips.map(({ questions }) => questions)).toEqual([[1, 2, 3]]);
    trips[0]?.answer();
    expect(await answers).toEqual(['answer 1', 'answer 2', 'answer 3']);
  });

  it('never join a round trip that has left', async () => {
    const { trips, shared } = someTrips();
    void shared.answerTo(1);
    await turn();
    const late = shared.answerTo(2);
    await turn();
    expect(trips.map(({ questions }) => questions)).toEqual([[1], [2]]);
    trips[1]?.answer();
    expect(await late).toBe('answer 2');
  });

  it('wait while two are under way, and then leave at once', async () => {
    const { trips, shared } = someTrips();
    for (const question of [1, 2]) {
      void shared.answerTo(question);
      await turn();
    }
    const waiting = Promise.all([3, 4].map((question) => shared.answerTo(question)));
    await turn();
    expect(trips).toHaveLength(2);
    trips[0]?.answer();
    await turn();
    await turn();
    expect(trips[2]?.questions).toEqual([3, 4]);
    trips[2]?.answer();
    expect(await waiting).toEqual(['answer 3', 'answer 4']);
  });

  it('are no more in a round trip than it may have', async () => {
    const { trips, shared } = someTrips();
    const answers = Promise.all([1, 2, 3, 4, 5].map((question) => shared.answerTo(question)));
    await turn();
    trips[0]?.answer();
    await turn();
    await turn();
    trips[1]?.answer();
    expect(await answers).toHaveLength(5);
    expect(trips.map(({ questions }) => questions)).toEqual([[1, 2, 3, 4], [5]]);
  });

  it('fail together, and the next ones are asked as ever', async () => {
    const { trips, shared } = someTrips();
    const failing = Promise.allSettled([1, 2].map((question) => shared.answerTo(question)));
    await turn();
    trips[0]?.fail(new Error('the database is gone'));
    expect((await failing).map(({ status }) => status)).toEqual(['rejected', 'rejected']);
    const next = shared.answerTo(3);
    await turn();
    trips[1]?.answer();
    expect(await next).toBe('answer 3');
  });
});
